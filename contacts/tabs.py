"""The tabs of the profile page. Each is a page of its own, served by the app that registers it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.variables import count_of


@dataclass(frozen=True)
class Tab:
    """A tab as registered. `count` gives the number beside the label, or None for none."""

    key: str
    label: str | Promise
    url_name: str
    count: Callable[[Contact], int | None] = lambda _contact: None


@dataclass(frozen=True)
class ShownTab:
    """A tab as it stands on one contact's page."""

    key: str
    label: str | Promise
    url: str
    count: int | None
    current: bool


_tabs = [
    Tab("activity", _("Activity"), "contacts:profile"),
    Tab("variables", _("Variables"), "contacts:variables", count_of),
]


def register(tab: Tab) -> None:
    """Adds a tab behind those that are there."""
    _tabs.append(tab)


def tabs_of(contact: Contact, *, current: str, count: int | None = None) -> list[ShownTab]:
    """All tabs. `count`: what the page has counted for its own already."""
    return [
        ShownTab(
            tab.key,
            tab.label,
            reverse(tab.url_name, args=[contact.pk]),
            count if tab.key == current and count is not None else tab.count(contact),
            tab.key == current,
        )
        for tab in _tabs
    ]
