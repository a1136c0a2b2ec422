"""Credentials as providers ask for them. What is changed in the database is in force everywhere within seconds."""

import time
from typing import NamedTuple

import structlog
from django.conf import settings

from activity.catalogue import Channel
from messaging.credentials.known import KNOWN, WEBHOOK_SECRET
from messaging.credentials.sealing import Unreadable, unseal
from messaging.models import ProviderAccount

log = structlog.get_logger(__name__)

# For so many seconds a process trusts what it has read.
_TRUSTED = 5.0
_kept: tuple[float, dict[str, "Stored"]] = (0.0, {})


class Stored(NamedTuple):
    """Which credentials of a provider the database has, and what they are: nothing where no key opens them."""

    names: frozenset[str]
    values: dict[str, str]


def credential(name: str) -> str:
    """The environment's, else the database's, else ""."""
    return in_environment(name) or _stored_by_name().get(name, "")


def in_environment(name: str) -> str:
    if name.startswith("ANYMAIL_"):
        return str(settings.ANYMAIL.get(name.removeprefix("ANYMAIL_")) or "")
    return str(getattr(settings, name, "") or "")


def path_for(channel: Channel) -> str:
    """Who sends by a channel, as the database has it; "" for nobody. Of two for mail, who was set up last."""
    paths = [
        access.path
        for provider, account in stored().items()
        if (access := KNOWN.get(provider)) and access.channel is channel and access.names[0] in account.names
    ]
    return paths[0] if paths else ""


def esp_options(name: str) -> dict[str, str]:
    """What the database has for one of anymail's backends and webhooks, as the options of its classes."""
    prefix = f"ANYMAIL_{name.upper()}_"
    found = {each: text for each, text in _values(name).items() if not in_environment(each)}
    return {each.removeprefix(prefix).lower(): text for each, text in found.items() if each.startswith(prefix)}


def webhook_secret(name: str) -> dict[str, str]:
    """The option by which anymail's webhooks know what stands in their address."""
    secret = "" if in_environment(WEBHOOK_SECRET) else _values(name).get(WEBHOOK_SECRET, "")
    return {"webhook_secret": secret} if secret else {}


def stored() -> dict[str, Stored]:
    """By provider, what was set up last first. What no key opens has names all the same, so that its messages wait."""
    global _kept  # noqa: PLW0603 - the process's own
    read_at, found = _kept
    if time.monotonic() >= read_at + _TRUSTED:
        found = {each.provider: _opened(each) for each in ProviderAccount.objects.order_by("-updated_at")}
        _kept = time.monotonic(), found
    return found


def forget() -> None:
    """Has them read anew."""
    global _kept  # noqa: PLW0603
    _kept = (-_TRUSTED, {})


def _opened(account: ProviderAccount) -> Stored:
    names = frozenset(account.endings)
    try:
        return Stored(names, unseal(bytes(account.sealed)))
    except Unreadable:
        log.error("credentials_unreadable", provider=account.provider)
        # Not "" for each: by an empty key anybody could sign.
        return Stored(names, {})


def _values(provider: str) -> dict[str, str]:
    account = stored().get(provider)
    return account.values if account else {}


def _stored_by_name() -> dict[str, str]:
    return {name: text for account in stored().values() for name, text in account.values.items()}
