"""Which phone numbers exist, by the numbering plans of libphonenumber.

The answer is that of `phonenumbers.is_valid_number`, found with one regular expression a region instead of one a type
of number: imports ask for every row.
"""

import re
from functools import cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

_TYPES = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)
_NONE = "(?!)"


def exists(calling_code: int, national: str) -> bool:
    """Whether the digits behind a country's calling code are a number of a range in use."""
    for leading, numbers in _plans(calling_code):
        if leading is None:
            if numbers.fullmatch(national):
                return True
        elif leading.match(national):
            return numbers.fullmatch(national) is not None
    return False


@cache
def _plans(calling_code: int) -> list[tuple[re.Pattern[str] | None, re.Pattern[str]]]:
    """The regions of a code in their order: what their numbers begin with, where that settles it, and all of them."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(calling_code, ())
    plans = []
    for region in regions:
        metadata = PhoneMetadata.metadata_for_region_or_calling_code(calling_code, region)
        if metadata is not None:
            leading = metadata.leading_digits if len(regions) > 1 else None
            kinds = "|".join(_numbers(getattr(metadata, name)) for name in _TYPES)
            numbers = re.compile(rf"(?={_numbers(metadata.general_desc)}\Z)(?:{kinds})")
            plans.append((re.compile(leading) if leading is not None else None, numbers))
    return plans


def _numbers(desc: PhoneNumberDesc | None) -> str:
    if desc is None or not desc.national_number_pattern:
        return _NONE
    lengths = [str(length) for length in desc.possible_length if length > 0]
    if desc.possible_length and not lengths:
        return _NONE
    ahead = "|".join(rf"\d{{{length}}}" for length in lengths)
    return rf"(?:(?=(?:{ahead})\Z)" * bool(ahead) + rf"(?:{desc.national_number_pattern})" + ")" * bool(ahead)
