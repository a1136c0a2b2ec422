"""Keyset paging."""

from itertools import chain

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity.keyset import Slice, take
from activity.models import Transfer
from tests.factories import TransferFactory

pytestmark = pytest.mark.django_db

ORDER = ("source_name", "kind", "id")
# Few and alike, so that many rows tie; in scripts and cases that collations sort in their own ways.
NAMES = st.lists(st.tuples(st.sampled_from(["", "a", "B", "b", "ї", "я", "Я", "~", "a b"]), st.sampled_from("xy")))


def page(
    size: int = 2, *, descending: bool = False, at: Transfer | None = None, backwards: bool = False
) -> Slice[Transfer]:
    return take(Transfer.objects.all(), order=ORDER, size=size, descending=descending, at=at, backwards=backwards)


def walk(size: int, *, descending: bool, backwards: bool) -> list[list[int]]:
    """All pages from one end to the other, each in the order in which it is shown."""
    at, pages = None, []
    while True:
        found = page(size, descending=descending, at=at, backwards=backwards)
        pages.append([row.pk for row in found.rows])
        at = found.rows[0 if backwards else -1] if found.rows else None
        if not (found.has_previous if backwards else found.has_next):
            return pages


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(NAMES, st.integers(1, 6), st.booleans())
def test_every_row_is_on_one_page_and_the_way_back_shows_the_same(
    names: list[tuple[str, str]], size: int, descending: bool
) -> None:
    Transfer.objects.all().delete()
    Transfer.objects.bulk_create(Transfer(source_name=name, kind=kind, step="map") for name, kind in names)
    direction = "-" if descending else ""
    expected = list(Transfer.objects.order_by(*(direction + name for name in ORDER)).values_list("pk", flat=True))

    forwards = walk(size, descending=descending, backwards=False)
    backwards = walk(size, descending=descending, backwards=True)[::-1]

    assert list(chain(*forwards)) == list(chain(*backwards)) == expected
    assert all(len(rows) == size for rows in forwards[:-1] + backwards[1:])


def test_a_page_knows_whether_there_is_more_on_either_side() -> None:
    rows = [TransferFactory.create(source_name=name) for name in "abcde"]

    def sides(at: int | None = None, *, backwards: bool = False) -> tuple[list[str], bool, bool]:
        found = page(at=None if at is None else rows[at], backwards=backwards)
        return [row.source_name for row in found.rows], found.has_previous, found.has_next

    assert sides() == (["a", "b"], False, True)
    assert sides(1) == (["c", "d"], True, True)
    assert sides(3) == (["e"], True, False)
    assert sides(backwards=True) == (["d", "e"], True, False)
    assert sides(3, backwards=True) == (["b", "c"], True, True)
    assert sides(2, backwards=True) == (["a", "b"], False, True)


def test_rows_added_meanwhile_shift_nothing() -> None:
    for name in "bde":
        TransferFactory.create(source_name=name)
    first = page()
    TransferFactory.create(source_name="a")
    TransferFactory.create(source_name="dd")
    assert [row.source_name for row in page(at=first.rows[-1]).rows] == ["dd", "e"]


def test_the_row_one_stands_at_may_have_gone_meanwhile() -> None:
    b, _c, _d = (TransferFactory.create(source_name=name) for name in "bcd")
    Transfer.objects.filter(pk=b.pk).delete()
    assert [row.source_name for row in page(at=b).rows] == ["c", "d"]


def test_a_page_is_one_query_that_counts_nothing_off() -> None:
    TransferFactory.create_batch(4)
    with CaptureQueriesContext(connection) as queries:
        page(at=Transfer.objects.first())
    assert len(queries) == 2
    assert "OFFSET" not in queries[1]["sql"]


def test_an_empty_table_has_one_empty_page() -> None:
    assert page() == Slice([], has_previous=False, has_next=False)
    assert page(backwards=True) == Slice([], has_previous=False, has_next=False)
