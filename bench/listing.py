"""Pages of the contact list: its ends and its middle, in both orders, with and without filters."""

import datetime
from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max
from django.urls import reverse

from bench.probe import Page, Request
from contacts.listing import ORDERS, Order
from contacts.models import Contact

_ORDERS = {"newest first": "-added", "by name": "name"}


def whole(times: int) -> Iterator[Page]:
    """The list without filters."""
    for label, sort in _ORDERS.items():
        middle = _middle(sort, times)
        yield Page(f"Contacts {label}, first page", [_list(sort=sort)] * times)
        yield Page(f"Contacts {label}, middle", [_list(sort=sort, after=pk) for pk in middle])
        yield Page(f"Contacts {label}, middle, backwards", [_list(sort=sort, before=pk) for pk in middle])
        yield Page(f"Contacts {label}, last page", [_list(sort=sort, last=1)] * times)


def _middle(sort: str, count: int) -> list[int]:
    """Ids of so many neighbours, half-way down the list."""
    order = Order.read(sort)
    everyone = Contact.objects.order_by(*(f"-{name}" if order.descending else name for name in ORDERS[order.key]))
    start = max(0, (everyone.count() - count) // 2)
    return list(everyone.values_list("pk", flat=True)[start : start + count])


def filtered(times: int) -> Iterator[Page]:
    """First pages with filters, common ones and rare ones, in both orders."""
    for (name, chosen), (label, sort) in product(_filters().items(), _ORDERS.items()):
        yield Page(f"{name}, {label}", [_list(sort=sort, **chosen)] * times)


def _filters() -> dict[str, dict[str, Any]]:
    languages = [each["language"] for each in _counted("language") if each["language"]]
    sources = [each["source"] for each in _counted("source") if each["source"]]
    latest = Contact.objects.aggregate(latest=Max("added_at"))["latest"].date()
    year_before = latest - datetime.timedelta(days=365)
    return {
        "Commonest language": {"language": languages[0]},
        "Rarest language": {"language": languages[-1]},
        "A source": {"source": sources[0]},
        "Inactive": {"status": "inactive"},
        "With a phone number": {"has": "phone"},
        "Added in one month": {"added_from": year_before, "added_to": year_before + datetime.timedelta(days=30)},
        "Updated on the last day": {"updated_from": latest},
        "Rarest language, inactive": {"language": languages[-1], "status": "inactive"},
    }


def _counted(field: str) -> Any:
    return Contact.objects.values(field).annotate(count=Count("id")).order_by("-count", field)


def _list(**query: Any) -> Request:
    return Request(f"{reverse('contacts:list')}?{urlencode(query)}")
