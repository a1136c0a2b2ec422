"""What the account must have before made-up people can be added, and what a demo account shows besides."""

from decimal import Decimal

from activity.models import CustomEventType
from contacts.models import AccountVariable, ContactList, Source, VariableDefinition
from contacts.variable_types import Type

# Name, and what a contact costs, in euros.
_SOURCES = {
    "SpringFair": ("Spring fair", Decimal("4.20")),
    "Website": ("Website", Decimal("0.35")),
    "Instagram": ("Instagram", Decimal("1.15")),
    "PartnerShop": ("Partner shop", Decimal("2.50")),
    "Referral": ("Referral", Decimal(0)),
}
_VARIABLES = {
    "city": ("City", Type.STRING),
    "loyaltyTier": ("Loyalty tier", Type.STRING),
    "orders": ("Orders", Type.NUMBER),
    "lastPurchase": ("Last purchase", Type.DATE),
    "vip": ("VIP", Type.BOOLEAN),
}
_ACCOUNT_VARIABLES = {
    "supportPhone": ("Support, by phone", Type.STRING, "+380 44 300 12 30"),
    "supportHours": ("Support, when", Type.STRING, "Mon–Fri, 9–18"),
    "freeDeliveryFrom": ("Free delivery from, UAH", Type.NUMBER, "1500"),
    "seasonSale": ("Season sale is on", Type.BOOLEAN, "true"),
    "seasonSaleEnds": ("Season sale ends", Type.DATE, "2026-12-31"),
    # For those of whom no city is known.
    "city": ("City of the main shop", Type.STRING, "Київ"),
}
_LIST_VARIABLES = {
    "company_name": "Bereh Boots",
    "company_email": "hello@example.com",
    "company_address": "12 Khreshchatyk Street\n01001 Kyiv",
    "company_country": "UA",
    "unsubscribe_url": "https://shop.example.com/newsletter/leave",
    "subscribe_url": "https://shop.example.com/newsletter",
}
# Name, and whether it is a conversion.
_EVENT_TYPES = {
    "productViewed": False,
    "cartAbandoned": False,
    "reviewWritten": False,
    "purchase": True,
    "subscriptionRenewed": True,
}


def register_sources() -> dict[str, int]:
    """Ids of the sources by code, registered where they are missing; not those whose name another source has."""
    missing = (
        Source(code=code, name=name, acquisition_cost=cost, currency="EUR") for code, (name, cost) in _SOURCES.items()
    )
    Source.objects.bulk_create(missing, ignore_conflicts=True)
    known = dict(Source.objects.filter(code__in=_SOURCES).values_list("code", "id"))
    return {code: known[code] for code in _SOURCES if code in known}


def define_variables() -> list[str]:
    """Defines the variables that are missing. Returns those that it has with another type, or archived."""
    VariableDefinition.objects.bulk_create(
        (VariableDefinition(name=name, label=label, type=type_) for name, (label, type_) in _VARIABLES.items()),
        ignore_conflicts=True,
    )
    in_use, _archived = VariableDefinition.objects.known()
    return [name for name, (_label, type_) in _VARIABLES.items() if in_use.get(name) != type_]


def furnish() -> None:
    """What a demo account shows of components besides; nothing that is there is changed."""
    AccountVariable.objects.bulk_create(
        (
            AccountVariable(name=name, label=label, type=type_, value=value)
            for name, (label, type_, value) in _ACCOUNT_VARIABLES.items()
        ),
        ignore_conflicts=True,
    )
    CustomEventType.objects.bulk_create(
        (CustomEventType(name=name, is_conversion=converts) for name, converts in _EVENT_TYPES.items()),
        ignore_conflicts=True,
    )
    untouched = dict.fromkeys(["host", *_LIST_VARIABLES], "")
    ContactList.objects.filter(is_default=True, **untouched).update(**_LIST_VARIABLES)
