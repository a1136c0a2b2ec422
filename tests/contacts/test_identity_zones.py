"""Time zones, and the person's local time."""

import datetime

import pytest
import pytz

from contacts.identity import Invalid, local_time, timezone, timezone_offset

WINTER = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
SUMMER = datetime.datetime(2026, 7, 1, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("europe/kiev", "Europe/Kiev"),
        ("AMERICA/NEW_YORK", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("america_slash_new_york", "America/New_York"),
        ("utc", "UTC"),
        ("Z", "+00:00"),
        ("+03:00", "+03:00"),
        ("+3", "+03:00"),
        ("+0300", "+03:00"),
        ("UTC+3", "+03:00"),
        ("utc +3:00", "+03:00"),
        ("GMT-05:30", "-05:30"),
        ("−3", "-03:00"),
        ("GMT+0", "+00:00"),
        ("-00:00", "+00:00"),
        ("+14", "+14:00"),
        ("-12", "-12:00"),
        ("Etc/GMT+3", "Etc/GMT+3"),
    ],
)
def test_a_zone_is_an_iana_name_or_an_offset(written: str, normal: str) -> None:
    assert timezone(written) == normal


def test_every_name_of_iana_stays_itself_in_any_case() -> None:
    for name in pytz.all_timezones:
        # GMT+0 and GMT-0 are offsets too, and the same ones.
        assert timezone(name.lower()) == ("+00:00" if name in ("GMT+0", "GMT-0") else name)
        assert timezone_offset(timezone(name), WINTER) == timezone_offset(name, WINTER)


def test_every_offset_stays_itself_and_shows_its_time() -> None:
    for minutes in range(-12 * 60, 14 * 60 + 1):
        offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
        assert timezone(offset) == timezone(f"GMT{offset}") == timezone_offset(offset, WINTER) == offset
        assert local_time(offset, WINTER).utcoffset() == datetime.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("+14:01", "timezone_offset"),
        ("-12:01", "timezone_offset"),
        ("+03:60", "timezone_offset"),
        ("+99", "timezone_offset"),
        ("3", "timezone"),
        ("Kyiv", "timezone"),
        ("Europe/Atlantis", "timezone"),
        ("../../etc/passwd", "timezone"),
    ],
)
def test_what_is_no_zone_is_refused(written: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        timezone(written)
    assert caught.value.code == code


def test_the_offset_is_the_one_in_force_at_the_moment() -> None:
    assert timezone_offset("Europe/Kyiv", WINTER) == "+02:00"
    assert timezone_offset("Europe/Kyiv", SUMMER) == "+03:00"
    assert timezone_offset("Asia/Kathmandu", SUMMER) == "+05:45"
    assert local_time("Europe/Kiev", SUMMER).isoformat() == "2026-07-01T15:00:00+03:00"
    assert local_time("America/New_York", WINTER) == WINTER
