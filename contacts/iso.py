"""Currencies (ISO 4217) and countries (ISO 3166-1), by pycountry."""

from functools import cache

import pycountry
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


@cache
def currencies() -> list[tuple[str, str]]:
    """Code and name of each currency, by code."""
    return sorted((each.alpha_3, f"{each.alpha_3} · {each.name}") for each in pycountry.currencies)


@cache
def countries() -> list[tuple[str, str]]:
    """Code of two letters and name of each country, by name."""
    return sorted(
        ((each.alpha_2, country_name(each.alpha_2)) for each in pycountry.countries), key=lambda pair: pair[1]
    )


def country_name(code: str) -> str:
    """The name of a country as people say it; the code itself where it has none."""
    known = pycountry.countries.get(alpha_2=code) if code else None
    return str(getattr(known, "common_name", "") or getattr(known, "name", code))


def validate_currency(code: str) -> None:
    if code not in dict(currencies()):
        raise ValidationError(_("“%(code)s” is not a currency of ISO 4217, such as EUR."), params={"code": code})


def validate_country(code: str) -> None:
    if code not in dict(countries()):
        raise ValidationError(_("“%(code)s” is not a country of ISO 3166-1, such as UA."), params={"code": code})
