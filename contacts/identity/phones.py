"""Phone numbers in the form of ITU-T E.164, by the numbering plans of libphonenumber."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
import pycountry
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberFormat

from contacts.identity.errors import Invalid
from contacts.identity.numbering import exists
from contacts.identity.text import trimmed

# What is dialled: E.164 has 15 digits, prefixes to dial abroad have up to 4.
_DIALLED = re.compile(r"\+?[0-9]{4,19}")
_PLAIN = re.compile(r"[+0-9 ().-]{4,40}")
_SEPARATORS = str.maketrans("", "", " ().-")
_LABEL = re.compile(r"'|(?:tel|phone|mobile|mob|телефон|тел|моб)[.:]*\s*", re.IGNORECASE)
# Signs between digits besides every kind of space, dash and bracket.
_SIGNS = "./'’·•−~\t"

_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_EXTENSION = re.compile(r"\d\W*(?:ext|extension|x|#|доб|вн)\W*[a-zа-яі]*\W*\d{1,7}$", re.IGNORECASE)
_BETWEEN_NUMBERS = re.compile(r"[,;/|&\n]+|:::|\s(?:or|and|або|та|или|и)\s|\s+(?=\+)")
_CALLING_CODES = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))


class _Home(NamedTuple):
    """How numbers are dialled in a region."""

    calling_code: str
    trunk: str | None  # the prefix of national numbers; None where it is more than a plain prefix
    abroad: re.Pattern[str]
    longest: int  # digits of a national number with its trunk prefix


def phone(text: str, region: str) -> str:
    """The number as +380671234567.

    Any usual writing is read. A number without + is one of `region` (ISO 3166-1, "" for none), or begins with the
    region's prefix for calls abroad or with 00; it is never guessed to be another country's. Only numbers of an
    existing range pass. Raises `Invalid`: "phone", "phone_region", "phone_extension", "phone_many",
    "phone_spreadsheet", "phone_long".
    """
    dialled = text if _DIALLED.fullmatch(text) else _dialled(text)
    normal = _international(dialled[1:]) if dialled[0] == "+" else _national(dialled, region, text)
    if not normal:
        raise _not_valid(text, "" if dialled[0] == "+" else region)
    return normal


def phone_for_people(e164: str) -> str:
    """A normal number with the spaces of its country: +380 67 123 4567."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return e164


def _dialled(text: str) -> str:
    """The digits, with + before them where it was written."""
    if _PLAIN.fullmatch(text):
        dialled = text.translate(_SEPARATORS)
    else:
        text = trimmed(text, "phone", 100)
        dialled = "".join(map(_key, text[label.end() :] if (label := _LABEL.match(text)) else text))
    if not _DIALLED.fullmatch(dialled):
        raise _unreadable(text)
    return dialled


def _key(char: str) -> str:
    """The key of a phone that the character stands for: a digit of any script, +, none ("") or not one (?)."""
    digit = unicodedata.decimal(char, -1)
    if digit >= 0:
        return str(digit)
    if char in "+＋":
        return "+"
    return "" if char in _SIGNS or unicodedata.category(char) in ("Zs", "Pd", "Ps", "Pe", "Cf") else "?"


def _international(digits: str) -> str:
    """The number whose calling code comes first, or "" for none that exists."""
    if _exists(digits):
        return f"+{digits}"
    # The trunk prefix may have stayed in: +44 (0)20 7946 0958.
    number = _parsed(f"+{digits}", None)
    return _e164(number) if number else ""


def _national(dialled: str, region: str, text: str) -> str:
    """The number dialled in the region, or "" for none that exists."""
    home = _home(region)
    is_abroad = dialled.startswith("00")
    if not (home or is_abroad):
        message = _("“%(value)s” has no country code: write + and the country code before it")
        raise Invalid("phone_region", message, text)
    normal = (_at_home(dialled, home) or _from_home(dialled, region, home)) if home else ""
    return normal or (_international(dialled[2:]) if is_abroad else "")


def _at_home(dialled: str, home: _Home) -> str:
    """What `_from_home` finds for the commonest writings, in half its time; "" for any other."""
    has_code = dialled.startswith(home.calling_code)
    if has_code and len(dialled) > home.longest:
        number = dialled
    elif has_code or home.trunk is None or home.abroad.match(dialled):
        return ""
    else:
        number = home.calling_code + dialled.removeprefix(home.trunk)
    return f"+{number}" if _exists(number) else ""


def _from_home(dialled: str, region: str, home: _Home) -> str:
    number = _parsed(dialled, region)
    if number is None:
        return ""
    # Some prefixes for calls abroad begin as numbers at home do (119, 16, 99): only a longer number is meant abroad.
    is_ours = str(number.country_code) == home.calling_code
    return _e164(number) if is_ours or dialled.startswith("0") or len(dialled) > home.longest else ""


@lru_cache
def _home(region: str) -> _Home | None:
    metadata = PhoneMetadata.metadata_for_region(region.upper(), None) if region else None
    if metadata is None:
        return None
    trunk = metadata.national_prefix or ""
    is_plain = trunk == (metadata.national_prefix_for_parsing or "") and not metadata.national_prefix_transform_rule
    lengths = [length for kind in (metadata.fixed_line, metadata.mobile) if kind for length in kind.possible_length]
    return _Home(
        calling_code=str(metadata.country_code),
        trunk=trunk if is_plain else None,
        abroad=re.compile(metadata.international_prefix or "(?!)"),
        longest=max(lengths) + len(trunk),
    )


def _exists(digits: str) -> bool:
    """Whether the digits, calling code first, are a number of a range in use."""
    code = _calling_code(digits)
    national = digits[len(code) :]
    return bool(code and national) and exists(int(code), national)


def _calling_code(digits: str) -> str:
    """The country calling code that the digits begin with, "" for none. No code begins another."""
    for length in (1, 2, 3):
        if digits[:length] in _CALLING_CODES:
            return digits[:length]
    return ""


def _parsed(dialled: str, region: str | None) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(dialled, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _unreadable(text: str) -> Invalid:
    """Why the text cannot even be dialled."""
    if _SPREADSHEET.fullmatch(text):
        return Invalid("phone_spreadsheet", _("“%(value)s” has lost its digits: format the column as text"), text)
    if len([part for part in _BETWEEN_NUMBERS.split(text) if sum(map(str.isdecimal, part)) > 5]) > 1:
        return Invalid("phone_many", _("“%(value)s” is more than one phone number"), text)
    if _EXTENSION.search(text):
        return Invalid("phone_extension", _("“%(value)s” has an extension: messages cannot reach those"), text)
    return Invalid("phone", _("“%(value)s” is not a phone number"), text)


def _not_valid(text: str, region: str) -> Invalid:
    country = pycountry.countries.get(alpha_2=region.upper()) if _home(region) else None
    if country is None:
        return Invalid("phone", _("“%(value)s” is not a phone number in use"), text)
    message = _("“%(value)s” is not a phone number (%(country)s; those of other countries begin with +)")
    return Invalid("phone", message, text, country=getattr(country, "common_name", country.name))
