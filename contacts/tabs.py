"""The tabs of the profile page. Each is a page of its own, served by the app that registers it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models.expressions import Combinable
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from contacts.variables import count_of


@dataclass(frozen=True)
class Tab:
    """A tab as registered. `count` gives the number beside the label, as SQL that is asked for with that of the others;
    None for none."""

    key: str
    label: str | Promise
    url_name: str
    count: Callable[[Contact], Combinable] | None = None


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
    """All tabs, by one statement. `count`: what the page has counted for its own already."""
    counts = _counts(contact, known={} if count is None else {current: count})
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


def _counts(contact: Contact, known: dict[str, int]) -> dict[str, int]:
    """The numbers of the tabs that have one, by their keys."""
    asked = {tab.key: tab.count(contact) for tab in _tabs if tab.count and tab.key not in known}
    counted = Contact.objects.filter(pk=contact.pk).values_list(*asked.values()).first() if asked else ()
    return known | dict(zip(asked, counted or (), strict=False))
