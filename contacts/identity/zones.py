"""Time zones: IANA names, or offsets from UTC in the form of ISO 8601."""

import datetime
import re
from functools import lru_cache

import pytz
from django.utils.translation import gettext_lazy as _

from contacts.identity.errors import Invalid
from contacts.identity.text import trimmed

# Minutes from UTC of the zones that exist.
EASTERNMOST = 14 * 60
WESTERNMOST = -12 * 60

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([-+−])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_NAMES = {name.lower(): name for name in pytz.all_timezones}


def timezone(text: str) -> str:
    """An IANA name as IANA capitalises it, or ±HH:MM. An alias stays itself: europe/kiev gives Europe/Kiev.

    `GMT+3` is what people mean by it, +03:00, while the IANA name `Etc/GMT+3` is three hours west.
    Raises `Invalid`: "timezone", "timezone_offset", "timezone_long".
    """
    return _timezone(trimmed(text, "timezone", 100))


def timezone_offset(name: str, at: datetime.datetime) -> str:
    """The offset of a normal zone at an (aware) moment, in ISO 8601: +03:00."""
    return local_time(name, at).isoformat(timespec="minutes")[-6:]


def local_time(name: str, at: datetime.datetime) -> datetime.datetime:
    """The moment (aware) by the clocks of a normal zone."""
    return at.astimezone(zone_of(name))


@lru_cache(maxsize=4096)
def _timezone(written: str) -> str:
    if written in ("Z", "z"):
        return "+00:00"
    if offset := _OFFSET.fullmatch(written):
        return _offset(written, offset[1], int(offset[2]), int(offset[3] or 0))
    # HubSpot writes america_slash_new_york.
    name = _NAMES.get(written.lower().replace(" ", "_").replace("_slash_", "/"))
    if name is None:
        message = _("“%(value)s” is not a time zone: write a name such as Europe/Kyiv, or an offset such as +03:00")
        raise Invalid("timezone", message, written)
    return name


def _offset(written: str, sign: str, hours: int, minutes: int) -> str:
    total = (hours * 60 + minutes) * (1 if sign == "+" else -1)
    if minutes > 59 or not WESTERNMOST <= total <= EASTERNMOST:
        raise Invalid("timezone_offset", _("“%(value)s” is not between -12:00 and +14:00"), written)
    return f"{'-' if total < 0 else '+'}{hours:02}:{minutes:02}"


@lru_cache(maxsize=1024)
def zone_of(name: str) -> datetime.tzinfo:
    """The zone of a normal name."""
    if name[0] in "+-":
        minutes = int(name[1:3]) * 60 + int(name[4:6])
        return pytz.FixedOffset(-minutes if name[0] == "-" else minutes)
    return pytz.timezone(name)
