"""Looks, before every `migrate`, whether blacklists can still be recognised."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from contacts.digests import digest
from subscriptions.models import BlacklistEntry


@register(Tags.database)
def digest_key_is_the_same(databases: Sequence[str] | None = None, **_more: Any) -> list[CheckMessage]:
    """An error where the last entry whose address is kept was digested by another key: nobody listed would be known."""
    for alias in databases or ():
        if BlacklistEntry._meta.db_table not in connections[alias].introspection.table_names():
            continue
        entry = BlacklistEntry.objects.using(alias).exclude(address=None).order_by("-id").first()
        if entry and bytes(entry.digest) != digest(entry.address or ""):
            return [
                Error(
                    "Blacklists and opt-outs were written under another DIGEST_KEY: nobody is recognised.",
                    hint="Set DIGEST_KEY to the old one, or to the old SECRET_KEY where it was unset.",
                    id="subscriptions.E001",
                )
            ]
    return []
