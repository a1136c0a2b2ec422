"""What lists show of a contact."""

import datetime

import pytest
from django.utils import timezone

from contacts.cells import rows_of
from contacts.columns import COLUMNS
from contacts.models import Contact, Source

EVERYTHING = list(COLUMNS)
AT = datetime.datetime(2026, 3, 1, 22, 30, 15, tzinfo=datetime.UTC)


def row(**values: object) -> str:
    (found,) = rows_of([Contact(pk=7, added_at=AT, **values)], EVERYTHING)
    return found


def test_every_column_has_its_cell() -> None:
    filled = row(
        user_id="u-1",
        email="olga@xn--80aikifvh.xn--j1amh",
        phone="+380671234567",
        first_name="Ольга",
        last_name="Петренко",
        birthday=datetime.date(1990, 5, 6),
        gender=2,
        language="uk",
        source=Source(name="Autumn fair"),
        timezone="Asia/Kolkata",
        updated_at=AT,
        score=-12,
    )
    for shown in (
        'href="/contacts/7/"',
        "Ольга Петренко",
        ">ОП<",
        ">u-1<",
        "olga@приклад.укр",
        "+380 67 123 4567",
        "1990-05-06",
        "Female",
        "Ukrainian",
        "Autumn fair",
        "+05:30",
        ">-12<",
        "Active",
    ):
        assert shown in filled.replace("\xa0", " ")
    assert filled.count("<td data-label=") == len(EVERYTHING) - 1
    assert "none" not in filled


def test_what_is_not_known_is_a_dash_and_a_score_of_nought_is_known() -> None:
    empty = row(user_id="u-1", is_active=False)
    assert empty.count('class="none"') == len(
        {"email", "phone", "language", "source", "updated", "gender", "birthday", "timezone"}
    )
    assert ">0<" in empty
    assert "Inactive" in empty


def test_times_are_those_of_the_viewer() -> None:
    with timezone.override("Europe/Kyiv"):
        assert 'datetime="2026-03-02T00:30:15+02:00"' in row(user_id="u-1")


@pytest.mark.parametrize("field", ["first_name", "last_name", "user_id", "email", "phone", "avatar_url"])
def test_values_are_text_whatever_they_hold(field: str) -> None:
    for value in ("<script>alert(1)</script>", '" onerror="alert(1)', "{{ 7 }}"):
        found = row(**{"user_id": "u-1", field: value})
        assert "<script" not in found
        assert 'onerror="' not in found


def test_a_picture_lies_over_the_initials() -> None:
    found = row(first_name="Olga", last_name="Petrenko", avatar_url="https://pictures.example.com/1.png")
    assert ">OP<img src=" in found
    assert 'referrerpolicy="no-referrer"' in found
