"""Languages by ISO 639-1."""

import re
from functools import lru_cache

import pycountry
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contacts.identity.errors import Invalid
from contacts.identity.text import trimmed, word

# Codes that ISO 639-1 has withdrawn; Java still writes the first three.
_FORMER = {"iw": "he", "ji": "yi", "in": "id", "jw": "jv", "mo": "ro"}
# Country codes that people take for language codes, where the language is not in doubt.
_COUNTRIES = {
    "al": "sq", "at": "de", "au": "en", "bd": "bn", "by": "be", "cl": "es", "cn": "zh", "cz": "cs", "dk": "da",
    "eg": "ar", "gb": "en", "ge": "ka", "gr": "el", "il": "he", "ir": "fa", "jp": "ja", "kh": "km", "kz": "kk",
    "md": "ro", "me": "sr", "mx": "es", "np": "ne", "pe": "es", "rs": "sr", "tm": "tk", "tj": "tg", "ua": "uk",
    "us": "en", "uy": "es", "vn": "vi",
}  # fmt: skip
_TAG = re.compile(r"([a-z]{2,3})(?:[-_.@].*)?")
# Chinese (Simplified); Spanish; Castilian; English, British; українська мова
_APART = re.compile(r"\s*[(;,].*$|\s(?:language|мова|язык)$")


def language(text: str) -> str:
    """The two letters of ISO 639-1, from a code, a tag such as uk-UA, or a name in English or the language itself.

    Raises `Invalid`: "language", "language_country" for a code of a country, "language_long".
    """
    return _language(trimmed(text, "language", 100))


def language_name(code: str) -> str:
    """The name of a language, in the reader's; the code itself where it has none."""
    name = LANG_INFO.get(code, {}).get("name")
    known = pycountry.languages.get(alpha_2=code) if len(code) == 2 else None
    return gettext(name) if name else getattr(known, "name", code)


@lru_cache
def language_codes() -> tuple[str, ...]:
    """Every code of ISO 639-1."""
    return tuple(sorted(language.alpha_2 for language in pycountry.languages if hasattr(language, "alpha_2")))


@lru_cache(maxsize=4096)
def _language(written: str) -> str:
    text = word(written)
    tag = _TAG.fullmatch(text)
    code = _index().get(text) or _index().get(_APART.sub("", text)) or (tag and _index().get(tag[1]))
    if code:
        return code
    if tag and (meant := _COUNTRIES.get(tag[1])):
        message = _("“%(value)s” is a country, not a language: write “%(meant)s” (%(name)s)")
        raise Invalid("language_country", message, written, meant=meant, name=LANG_INFO[meant]["name"])
    raise Invalid("language", _("“%(value)s” is not a language of ISO 639-1: write two letters, such as “uk”"), written)


@lru_cache(maxsize=1)
def _index() -> dict[str, str]:
    """Everything that names a language → its two letters."""
    index = dict(_FORMER)
    for known in pycountry.languages:
        if code := getattr(known, "alpha_2", None):
            names = (known.alpha_3, getattr(known, "bibliographic", code), known.name)
            index.update({_APART.sub("", word(name)).strip(): code for name in (code, *names)})
    for code, known in LANG_INFO.items():
        if len(code) == 2:
            index.update({_APART.sub("", word(known[name])): code for name in ("name", "name_local")})
    return index
