"""Two at once, of whom one waits for the other."""

from django.db import connection


def await_waiting(count: int = 1) -> None:
    """Until so many others wait for a lock of this database."""
    for _attempt in range(1000):
        with connection.cursor() as cursor:
            # Two wait for one row by a lock on its transaction and one on the row itself.
            cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks, pg_sleep(0.01) WHERE NOT granted")
            if cursor.fetchone()[0] >= count:
                return
    raise AssertionError("Nobody waits")
