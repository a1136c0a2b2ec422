"""The one way by which events may be deleted."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_ALLOW = "SELECT set_config('rapport.erasing', %s, true)"


@contextmanager
def erasing() -> Iterator[None]:
    """A transaction in which contacts can be deleted together with their events; elsewhere the database refuses."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ALLOW, ["on"])
        yield
        cursor.execute(_ALLOW, [""])
