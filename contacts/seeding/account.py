"""What the account must have before made-up people can be added."""

from contacts.models import Source, VariableDefinition
from contacts.variable_types import Type

_SOURCES = {
    "SpringFair": "Spring fair",
    "Website": "Website",
    "Instagram": "Instagram",
    "PartnerShop": "Partner shop",
    "Referral": "Referral",
}
_VARIABLES = {
    "city": ("City", Type.STRING),
    "loyaltyTier": ("Loyalty tier", Type.STRING),
    "orders": ("Orders", Type.NUMBER),
    "lastPurchase": ("Last purchase", Type.DATE),
    "vip": ("VIP", Type.BOOLEAN),
}


def register_sources() -> dict[str, int]:
    """Ids of the sources by code, registered where they are missing; not those whose name another source has."""
    Source.objects.bulk_create((Source(code=code, name=name) for code, name in _SOURCES.items()), ignore_conflicts=True)
    known = dict(Source.objects.filter(code__in=_SOURCES).values_list("code", "id"))
    return {code: known[code] for code in _SOURCES if code in known}


def define_variables() -> list[str]:
    """Defines the variables that are missing. Returns those that the account has with another type."""
    VariableDefinition.objects.bulk_create(
        (VariableDefinition(name=name, label=label, type=type_) for name, (label, type_) in _VARIABLES.items()),
        ignore_conflicts=True,
    )
    known = VariableDefinition.objects.filter(name__in=_VARIABLES).values_list("name", "type")
    return [name for name, type_ in known if type_ != _VARIABLES[name][1]]
