"""Calendar dates (ISO 8601)."""

import datetime
import re
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from contacts.identity.errors import Invalid
from contacts.identity.text import trimmed

OLDEST_BIRTH_YEAR = 1900

_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}.*|Z)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_COMPACT = re.compile(rf"((?:19|20)\d\d)()(\d\d)(\d\d){_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_NO_YEAR = re.compile(r"(?:--)?\d{1,2}[-/.]\d{1,2}\.?|\d{1,2}([-/.])\d{1,2}\1\d{2}")


def birthday(text: str, order: str = "", *, today: datetime.date | None = None) -> datetime.date:
    """A date from 1900 to `today` (UTC's, if not given).

    Raises `Invalid`: "birthday_future", "birthday_old", and what `calendar_date` raises.
    """
    date = calendar_date(text, order)
    if date > (today or datetime.datetime.now(datetime.UTC).date()):
        raise Invalid("birthday_future", _("The birthday %(value)s is in the future"), date.isoformat())
    if date.year < OLDEST_BIRTH_YEAR:
        message = _("The birthday %(value)s is before %(year)d")
        raise Invalid("birthday_old", message, date.isoformat(), year=OLDEST_BIRTH_YEAR)
    return date


def calendar_date(text: str, order: str = "") -> datetime.date:
    """The date of `1990-06-05`, `5.6.1990`, `1990/06/05 08:30 +0000`; a time beside it is left out, never converted.

    `order` tells what `05/06/1990` is: "dmy", "mdy", or "" where it is not known: only a part above 12 then settles it.
    Raises `Invalid`: "date", "date_ambiguous", "date_year" (none, or of two digits), "date_long".
    """
    return _calendar_date(trimmed(text, "date", 100), order)


@lru_cache(maxsize=32768)
def _calendar_date(written: str, order: str) -> datetime.date:
    if match := _YEAR_FIRST.fullmatch(written) or _COMPACT.fullmatch(written):
        year, month, day = match[1], match[3], match[4]
    elif match := _YEAR_LAST.fullmatch(written):
        day, month = _day_and_month(written, match[1], match[2], match[3], order)
        year = match[4]
    elif _NO_YEAR.fullmatch(written):
        raise Invalid("date_year", _("“%(value)s” has no year of four digits: write YYYY-MM-DD"), written)
    else:
        raise Invalid("date", _("“%(value)s” is not a date: write YYYY-MM-DD"), written)
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        raise Invalid("date", _("“%(value)s” is not in the calendar"), written) from None


def _day_and_month(written: str, first: str, separator: str, second: str, order: str) -> tuple[str, str]:
    """Which part is which: by the order, else by the dots of 05.06.1990, else by the part that cannot be a month."""
    if not order and separator == ".":
        order = "dmy"
    if not order and first != second and int(first) <= 12 and int(second) <= 12:
        message = _("“%(value)s” is ambiguous: say whether the day or the month comes first, or write YYYY-MM-DD")
        raise Invalid("date_ambiguous", message, written)
    is_month_first = order == "mdy" or (not order and int(second) > 12)
    return (second, first) if is_month_first else (first, second)
