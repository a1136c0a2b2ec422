"""Birthdays and other dates."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.identity import Invalid, birthday, calendar_date

TODAY = datetime.date(2026, 11, 22)
FIFTH_OF_JUNE = datetime.date(1990, 6, 5)


@pytest.mark.parametrize(
    "written",
    [
        "1990-06-05",
        "1990/06/05",
        "1990.6.5",
        "19900605",
        "05.06.1990",
        "5.6.1990",
        " 1990-06-05 ",
        "1990-06-05T08:30:00Z",
        "1990-06-05T23:30:00.000+03:00",
        "1990-06-05 08:30",
        "1990-06-05 08:30:00.123 +0000 UTC",
        "05.06.1990 00:00:00",
        "１９９０-０６-０５",
    ],
)
def test_a_date_is_read_from_its_usual_writings(written: str) -> None:
    assert calendar_date(written) == FIFTH_OF_JUNE


@pytest.mark.parametrize("separator", ["/", "-"])
def test_day_and_month_are_told_apart_by_the_order_or_not_at_all(separator: str) -> None:
    written = separator.join(["05", "06", "1990"])
    assert calendar_date(written, "dmy") == FIFTH_OF_JUNE
    assert calendar_date(written, "mdy") == datetime.date(1990, 5, 6)
    with pytest.raises(Invalid) as caught:
        calendar_date(written)
    assert caught.value.code == "date_ambiguous"


def test_a_part_above_12_settles_the_order_but_never_contradicts_it() -> None:
    assert calendar_date("25/06/1990") == calendar_date("06/25/1990") == datetime.date(1990, 6, 25)
    assert calendar_date("06/06/1990") == datetime.date(1990, 6, 6)
    with pytest.raises(Invalid, match="not in the calendar"):
        calendar_date("06/25/1990", "dmy")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1990-02-30", "date"),
        ("1990-13-01", "date"),
        ("0000-01-01", "date"),
        ("1990-06/05", "date"),
        ("12.25.1990", "date"),
        ("soon", "date"),
        ("33029", "date"),
        ("1990", "date"),
        ("1990-06-05 and more", "date"),
        ("06/05", "date_year"),
        ("--06-05", "date_year"),
        ("05.06.", "date_year"),
        ("05.06.90", "date_year"),
        ("1" * 101, "date_long"),
        ("", "blank"),
    ],
)
def test_what_is_no_date_is_refused(written: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        calendar_date(written)
    assert caught.value.code == code


@given(st.dates())
def test_any_date_comes_back_from_every_writing_of_it(date: datetime.date) -> None:
    year, month, day = f"{date.year:04}", f"{date.month:02}", f"{date.day:02}"
    assert calendar_date(date.isoformat()) == date
    assert calendar_date(f"{day}.{month}.{year}") == date
    assert calendar_date(f"{day}/{month}/{year}", "dmy") == date
    assert calendar_date(f"{month}/{day}/{year}", "mdy") == date


def test_a_birthday_is_from_1900_to_today() -> None:
    assert birthday("1900-01-01", today=TODAY) == datetime.date(1900, 1, 1)
    assert birthday("2026-11-22", today=TODAY) == TODAY
    assert birthday("05/06/1990", "dmy", today=TODAY) == FIFTH_OF_JUNE
    for written, code in [("1899-12-31", "birthday_old"), ("2026-11-23", "birthday_future"), ("x", "date")]:
        with pytest.raises(Invalid) as caught:
            birthday(written, today=TODAY)
        assert caught.value.code == code


def test_today_is_the_clocks_unless_it_is_given() -> None:
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    with pytest.raises(Invalid, match="in the future"):
        birthday((tomorrow + datetime.timedelta(days=1)).isoformat())


def test_other_dates_have_no_bounds() -> None:
    assert calendar_date("0001-01-01") == datetime.date.min
    assert calendar_date("9999-12-31") == datetime.date.max
