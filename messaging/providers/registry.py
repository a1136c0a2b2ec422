"""Which provider sends by which channel: what the settings name, the sandbox where they name none."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from activity.catalogue import MESSAGE_CHANNELS, Channel
from messaging.providers.interface import Provider


@cache
def _loaded(path: str) -> Provider:
    provider: Provider = import_string(path)()
    return provider


def provider_of(channel: Channel) -> Provider:
    return _loaded(settings.MESSAGE_PROVIDERS[channel.slug])


def in_use() -> dict[str, Provider]:
    """By name."""
    found = map(provider_of, MESSAGE_CHANNELS)
    return {provider.name: provider for provider in found}
