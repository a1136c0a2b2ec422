"""The people whom a new account shows first, each for something that a profile or a list must bear."""

import datetime
import json
from collections.abc import Iterator, Mapping
from typing import Any

from contacts.identity import Gender
from contacts.seeding.people import Row

# The ID of somebody of whom everything is known.
EVERYTHING = "u-48213"

# The last is the newest.
_PEOPLE: tuple[dict[str, Any], ...] = (
    # Nothing but an ID.
    {"user_id": "u-48204"},
    # A long name.
    {
        "user_id": "u-48205",
        "email": "maximiliane.von-und-zu-hohenstein-falkenberg-lichtenau@example.org",
        "first_name": "Maximiliane Friederike Charlotte Antoinette",
        "last_name": "von und zu Hohenstein-Falkenberg-Lichtenau",
        "gender": Gender.FEMALE.value,
        "birthday": datetime.date(1958, 12, 31),
        "language": "de",
        "timezone": "Europe/Berlin",
        "variables": {"city": "Garmisch-Partenkirchen", "loyaltyTier": "Platinum", "orders": 41, "vip": True},
        "score": 236,
    },
    # Emoji, and a birthday on 29 February.
    {
        "user_id": "u-48206",
        "email": "sunny@mail.example.com",
        "phone": "+447400123456",
        "first_name": "Sunny 🌻",
        "last_name": "O’Brien-Nakamura 🏳️‍🌈",
        "gender": Gender.NOT_APPLICABLE.value,
        "birthday": datetime.date(2000, 2, 29),
        "language": "en",
        "timezone": "Europe/London",
        "source": "Instagram",
        "variables": {"city": "Brighton", "orders": 3},
        "score": 18,
    },
    # Family name in kanji, given name in kana.
    {
        "user_id": "u-48207",
        "email": "sakura.sasaki@example.net",
        "phone": "+819012345678",
        "first_name": "さくら",
        "last_name": "佐々木",
        "gender": Gender.FEMALE.value,
        "birthday": datetime.date(1994, 4, 2),
        "language": "ja",
        "timezone": "Asia/Tokyo",
        "source": "Website",
        "variables": {"city": "京都", "loyaltyTier": "Silver", "orders": 9},
        "score": 64,
    },
    # Inactive.
    {
        "user_id": "u-48208",
        "email": "piotr.nowakowski@example.org",
        "phone": "+48512345678",
        "first_name": "Piotr",
        "last_name": "Nowakowski",
        "gender": Gender.MALE.value,
        "birthday": datetime.date(1976, 8, 15),
        "language": "pl",
        "timezone": "Europe/Warsaw",
        "source": "Referral",
        "is_active": False,
        "variables": {"city": "Gdańsk", "loyaltyTier": "Bronze", "orders": 2, "lastPurchase": "2024-03-09"},
    },
    # A time zone that is only an offset.
    {
        "user_id": "u-48209",
        "email": "aisha.almansoori@post.example.net",
        "phone": "+971501234567",
        "first_name": "عائشة",
        "last_name": "المنصوري",
        "gender": Gender.FEMALE.value,
        "birthday": datetime.date(1987, 11, 3),
        "language": "ar",
        "timezone": "+04:00",
        "source": "PartnerShop",
        "variables": {"city": "دبي", "loyaltyTier": "Gold", "orders": 17, "vip": True},
        "score": 121,
    },
    # Right to left beside identifiers that are not.
    {
        "user_id": "u-48210",
        "email": "noa.cohen@example.com",
        "phone": "+972542345678",
        "first_name": "נועה",
        "last_name": "כהן",
        "gender": Gender.FEMALE.value,
        "birthday": datetime.date(1999, 6, 21),
        "language": "he",
        "timezone": "Asia/Jerusalem",
        "source": "Instagram",
        "variables": {"city": "תל אביב", "loyaltyTier": "Bronze", "orders": 1},
        "score": 12,
    },
    # Nothing but a phone number.
    {"phone": "+380501234567"},
    # An address that is not in Latin letters (RFC 6531).
    {
        "user_id": "u-48212",
        "email": "вікторія@example.org",
        "first_name": "Вікторія",
        "gender": Gender.FEMALE.value,
        "language": "uk",
        "timezone": "Europe/Kyiv",
        "source": "Website",
    },
    # A profile with everything.
    {
        "user_id": EVERYTHING,
        "email": "olena.k@example.com",
        "phone": "+380671234567",
        "first_name": "Олена",
        "last_name": "Коваленко",
        "gender": Gender.FEMALE.value,
        "birthday": datetime.date(1991, 3, 14),
        "language": "uk",
        "timezone": "Europe/Kyiv",
        "source": "SpringFair",
        "variables": {
            "city": "Київ",
            "loyaltyTier": "Gold",
            "orders": 23,
            "lastPurchase": "2025-06-18",
            "vip": True,
        },
        "score": 148,
        "updated_via": "api",
    },
)

COUNT = len(_PEOPLE)
# How much has happened to each since, by ID or phone number; to the last one something of everything.
EVENTS = {
    "u-48204": 1,
    "u-48205": 90,
    "u-48206": 130,
    "u-48207": 180,
    "u-48208": 40,
    "u-48209": 150,
    "u-48210": 60,
    "+380501234567": 25,
    "u-48212": 75,
    "u-48213": 420,
}
# Between one and the next.
_PACE = datetime.timedelta(hours=34)
# Since the last was added.
_HISTORY = datetime.timedelta(days=60)
SPAN = _HISTORY + COUNT * _PACE
_UPDATED = datetime.timedelta(hours=2)


def exemplary_people(now: datetime.datetime, sources: Mapping[str, int]) -> Iterator[Row]:
    """`COUNT` rows, added one after the other since the `SPAN` before `now`. `sources`: ids by code."""
    for place, person in enumerate(_PEOPLE):
        yield _row(now - SPAN + place * _PACE, now, sources, **person)


def _row(
    added_at: datetime.datetime,
    now: datetime.datetime,
    sources: Mapping[str, int],
    *,
    source: str = "",
    variables: Mapping[str, object] | None = None,
    updated_via: str = "",
    **fields: Any,
) -> Row:
    return Row(
        added_at=added_at,
        source_id=sources.get(source),
        variables=json.dumps(variables or {}, ensure_ascii=False),
        updated_at=now - _UPDATED if updated_via else None,
        updated_via=updated_via,
        **fields,
    )
