"""The contact list page: its columns, orders and pages."""

from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity.counting import capped, estimated
from activity.keyset import Slice, take
from contacts.columns import COLUMNS
from contacts.models import Contact
from contacts.querysets import ContactQuerySet

PAGE_SIZE = 50
MOST_COUNTED = 10_000

# Each has an index that begins with the list.
ORDERS = {"added": ("added_at", "id"), "name": ("last_name", "first_name", "id")}
DEFAULT_ORDER = "-added"


@dataclass(frozen=True)
class Order:
    """By which column, and which way."""

    key: str
    descending: bool

    @classmethod
    def read(cls, text: str) -> "Order":
        """From the address's `sort`, such as `name` or `-added`; the default for anything else."""
        key = text.removeprefix("-")
        return cls(key, text.startswith("-")) if key in ORDERS else cls(DEFAULT_ORDER.removeprefix("-"), True)

    def __str__(self) -> str:
        return ("-" if self.descending else "") + self.key

    def turned(self, key: str) -> "Order":
        """What choosing a column's head leads to: its usual direction, and the other one when chosen again."""
        if key == self.key:
            return Order(key, not self.descending)
        return Order(key, descending=key == "added")


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    sort_url: str
    direction: str

    @property
    def sortable(self) -> bool:
        return bool(self.sort_url)


@dataclass(frozen=True)
class Page:
    """One page of the list, with the addresses of its neighbours ("" where there is none)."""

    rows: list[Contact]
    count_text: str
    first_url: str
    previous_url: str
    next_url: str
    last_url: str


def columns_of(keys: list[str], order: Order, query: QueryDict) -> list[Column]:
    return [
        Column(
            key,
            str(COLUMNS[key]),
            address(query, sort=str(order.turned(key))) if key in ORDERS else "",
            ("desc" if order.descending else "asc") if key == order.key else "",
        )
        for key in keys
    ]


def page_of(contacts: ContactQuerySet, order: Order, query: QueryDict, *, is_filtered: bool) -> Page:
    """The page the address asks for. It names a neighbouring contact by id, never by a personal value."""
    backwards = "before" in query or "last" in query
    mark = query.get("before") or query.get("after") or ""
    at = Contact.objects.filter(pk=mark).first() if mark.isdecimal() and len(mark) < 19 else None
    if mark and at is None:
        backwards = False  # that contact has gone: begin anew
    found = take(
        contacts.select_related("source"),
        order=ORDERS[order.key],
        size=PAGE_SIZE,
        descending=order.descending,
        at=at,
        backwards=backwards,
    )
    return Page(found.rows, count_text(contacts, is_filtered=is_filtered), **_neighbours(found, query))


def _neighbours(found: Slice[Contact], query: QueryDict) -> dict[str, str]:
    rows = found.rows
    return {
        "first_url": address(query) if found.has_previous else "",
        "previous_url": address(query, before=rows[0].pk) if found.has_previous and rows else "",
        "next_url": address(query, after=rows[-1].pk) if found.has_next and rows else "",
        "last_url": address(query, last=1) if found.has_next else "",
    }


def address(query: QueryDict, **changes: Any) -> str:
    """The same filters and order, on another page: the first, if `changes` name none."""
    changed = query.copy()
    for name in ("after", "before", "last"):
        changed.pop(name, None)
    for name, value in changes.items():
        changed[name] = value
    for name in [name for name, value in changed.items() if not value]:
        del changed[name]
    return f"?{changed.urlencode()}"


def count_text(contacts: ContactQuerySet, *, is_filtered: bool) -> str:
    """How many there are, in words: exact to 10,000; beyond, or where counting takes too long, about how many."""
    count = None
    about = 0 if is_filtered else estimated(contacts)
    if about <= MOST_COUNTED:
        count = capped(contacts, MOST_COUNTED)
    if count is not None and count <= MOST_COUNTED:
        return ngettext("%(count)s contact", "%(count)s contacts", count) % {"count": intcomma(count)}
    about = max(about or estimated(contacts), MOST_COUNTED if count else 0)
    return _("about %(count)s contacts") % {"count": intcomma(about)}
