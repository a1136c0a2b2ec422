"""The one way by which events may be deleted, and whom files must forget afterwards."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection, transaction

_ALLOW = "SELECT set_config('rapport.erasing', %s, true)"


@contextmanager
def erasing() -> Iterator[None]:
    """A transaction in which contacts can be deleted together with their events; elsewhere the database refuses."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ALLOW, ["on"])
        yield
        cursor.execute(_ALLOW, [""])


@dataclass(frozen=True)
class Persons:
    """Who has been erased, as files may name them: by contact id, userId, email or phone number in normal form."""

    ids: frozenset[int] = frozenset()
    user_ids: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sought: Iterable[Mapping[str, list[Any]]]) -> Self:
        """Of lists of "ids", "user_id", "email" and "phone"."""
        found = list(sought)
        ids, user_ids, emails, phones = (
            frozenset(value for each in found for value in each.get(name, ()))
            for name in ("ids", "user_id", "email", "phone")
        )
        return cls(ids, user_ids, emails, phones)
