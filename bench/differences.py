"""What is not the same after two imports of the same file: contacts, counts, refused rows."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg2

_MOST_SHOWN = 10
# Everything but ids and times; whether there was an update is told by `updated_via`.
_CONTACTS = """
    SELECT c.id, concat_ws(' | ', user_id, email, phone, first_name, last_name, birthday, gender, language, source_id,
        timezone, avatar_url, score, is_active, variables, added_via, updated_via, updated_at IS NULL,
        coalesce(user_id, '-'), coalesce(email, '-'), coalesce(phone, '-'), contact_list_id)
    FROM contacts_contact c ORDER BY id
"""
_CONTACT = re.compile(r"Contact (\d+)")


@dataclass(frozen=True)
class Ending:
    """What an import has left behind. Contacts go by their place, since ids have gaps where a chunk was rolled back."""

    contacts: list[str]
    result: dict[str, Any]
    refused: list[str]

    @classmethod
    def read(cls, url: str, result: dict[str, Any], refused: Path) -> Self:
        """From a database and the file of refused rows."""
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute(_CONTACTS)
            rows = cursor.fetchall()
        places = {str(pk): place for place, (pk, _values) in enumerate(rows, 1)}
        with refused.open(encoding="utf-8", newline="") as file:
            lines = [
                _CONTACT.sub(lambda found: f"Contact at place {places.get(found[1], 'unknown')}", line) for line in file
            ]
        return cls([values for _pk, values in rows], result, lines)


def differences(clean: Ending, other: Ending) -> list[str]:
    """In words, a line each, the first ones of each kind; none where both are the same."""
    found = [*_of_lines("contact", clean.contacts, other.contacts), *_of_lines("refused", clean.refused, other.refused)]
    if clean.result != other.result:
        found.append(f"counts: {clean.result} became {other.result}")
    return found


def _of_lines(what: str, clean: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    missing, added = Counter(clean) - Counter(other), Counter(other) - Counter(clean)
    for word, lines in (("lost", missing), ("added", added)):
        if lines:
            yield f"{what}: {lines.total():,} {word}"
            yield from (f"  {line.rstrip()}" for line in list(lines)[:_MOST_SHOWN])
    if not missing and not added and list(clean) != list(other):
        yield f"{what}: in another order"
