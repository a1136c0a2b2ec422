"""Counting within limits."""

import pytest
from django.db import connection

from activity import counting
from activity.counting import capped, estimated
from activity.models import Transfer
from tests.factories import TransferFactory

pytestmark = pytest.mark.django_db


def test_rows_are_counted_up_to_a_limit_and_one_more() -> None:
    TransferFactory.create_batch(5)
    assert [capped(Transfer.objects.all(), most) for most in (3, 4, 5, 6)] == [4, 5, 5, 5]


def test_a_count_that_takes_too_long_is_given_up_and_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MILLISECONDS", 1)
    TransferFactory.create()
    slow = Transfer.objects.extra(where=["pg_sleep(0.2) IS NOT NULL"])
    assert capped(slow, 10) is None
    assert slow.count() == 1, "the limit held for that one count alone"


def test_an_estimate_has_two_digits() -> None:
    Transfer.objects.bulk_create(Transfer(kind="import", step="map") for _row in range(1234))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE activity_transfer")
    assert estimated(Transfer.objects.all()) == 1200
    assert estimated(Transfer.objects.filter(pk=-1)) <= 1
