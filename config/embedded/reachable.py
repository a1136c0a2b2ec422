"""Are the servers there that the user named?"""

from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import OperationalError, connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded.errors import DISK_IS_FULL, StartError, tells_of_full_disk

BROKER = {"socket_connect_timeout": 5, "socket_timeout": 5, "retry": Retry(NoBackoff(), 0)}


def require_database() -> None:
    """Raises StartError, with a sentence that has no password in it."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        if tells_of_full_disk(str(error)):
            raise StartError(DISK_IS_FULL) from error
        place = connection.settings_dict
        where = f"{place['HOST'] or 'local socket'}:{place['PORT'] or 5432}, database {place['NAME']}"
        reason = _reason(str(error)).replace(place["PASSWORD"] or "\0", "…")
        raise StartError(
            f"The database of DATABASE_URL cannot be used ({where}): {reason} "
            "- mend the address or start that server, or unset DATABASE_URL for the built-in one."
        ) from error


def require_broker() -> None:
    """Raises StartError, with a sentence that has no password in it."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, **BROKER) as broker:
            broker.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        place = urlsplit(settings.REDIS_URL)
        reason = str(error).replace(place.password or "\0", "…")
        raise StartError(
            f"The broker of REDIS_URL cannot be used ({place.hostname or place.path}:{place.port or 6379}): {reason} "
            "- mend the address or start that server, or unset REDIS_URL for the built-in one."
        ) from error


def _reason(words: str) -> str:
    """libpq's lines are 'connection to server at … failed: REASON', and, set in by a tab, advice."""
    reasons = [line for line in words.splitlines() if line and not line.startswith("\t")]
    return reasons[-1].rpartition("failed: ")[2] if reasons else "no reason given"
