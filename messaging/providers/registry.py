"""Which provider sends by which channel: what the environment names, else the database, else the sandbox."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from activity.catalogue import MESSAGE_CHANNELS, Channel
from messaging.credentials.reading import path_for
from messaging.providers.interface import Provider


@cache
def _loaded(path: str) -> Provider:
    """The class at a path; behind a colon stands which of several providers it is to be."""
    where, _colon, name = path.partition(":")
    made = import_string(where)
    provider: Provider = made(name) if name else made()
    return provider


def provider_of(channel: Channel) -> Provider:
    path = settings.MESSAGE_PROVIDERS[channel.slug]
    return _loaded((path_for(channel) or path) if path == settings.SANDBOX else path)


def in_use() -> dict[str, Provider]:
    """By name."""
    found = map(provider_of, MESSAGE_CHANNELS)
    return {provider.name: provider for provider in found}
