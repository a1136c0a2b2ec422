from contacts.models.components import ContactList, Source
from contacts.models.contact import AVATAR_COLOURS, Contact, Via
from contacts.models.preference import ListPreference
from contacts.models.variables import AccountVariable, VariableDefinition

__all__ = [
    "AVATAR_COLOURS",
    "AccountVariable",
    "Contact",
    "ContactList",
    "ListPreference",
    "Source",
    "VariableDefinition",
    "Via",
]
