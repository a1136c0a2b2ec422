"""The tabs of the profile page. Each is a page of its own, served by the app that registers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.variables import count_shown


@dataclass(frozen=True)
class Tab:
    """A tab as registered. `count` gives the number beside the label, as an expression on contacts, asked for with
    those of the others; None for none."""

    key: str
    label: str | Promise
    url_name: str
    count: Callable[[], Combinable] | None = None


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
    Tab("variables", _("Variables"), "contacts:variables", count_shown),
]


def register(tab: Tab) -> None:
    """Adds a tab behind those that are there."""
    _tabs.append(tab)


def asked() -> dict[str, Combinable]:
    """What `tabs_of` must know of a contact: the numbers of the tabs that have one."""
    return {_count_of(tab): tab.count() for tab in _tabs if tab.count}


def tabs_of(contact: Contact, known: Mapping[str, Any], *, current: str, count: int | None = None) -> list[ShownTab]:
    """All tabs. `count`: what the page has counted for its own already."""
    counts = {tab.key: known[_count_of(tab)] for tab in _tabs if tab.count}
    if count is not None:
        counts[current] = count
    return [
        ShownTab(
            tab.key,
            tab.label,
            reverse(tab.url_name, args=[contact.pk]),
            counts.get(tab.key),
            tab.key == current,
        )
        for tab in _tabs
    ]


def _count_of(tab: Tab) -> str:
    return f"{tab.key}_count"
