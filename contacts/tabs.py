"""The tabs of the profile page. Each is a page of its own, served by the app that registers it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.statements import OneContact
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


def tabs_of(contact: Contact, *, current: str, count: int | None = None) -> list[ShownTab]:
    """All tabs, by one statement. `count`: what the page has counted for its own already.

    Raises `Contact.DoesNotExist` for one who has gone.
    """
    counted = _statement().of(contact.pk)
    counts = {tab.key: counted[_count_of(tab)] for tab in _tabs if tab.count}
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


@cache
def _statement() -> OneContact:
    """The numbers of the tabs that have one."""
    return OneContact(**{_count_of(tab): tab.count() for tab in _tabs if tab.count})


def _count_of(tab: Tab) -> str:
    return f"{tab.key}_count"
