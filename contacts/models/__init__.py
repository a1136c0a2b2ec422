from contacts.models.components import ContactList, Source
from contacts.models.contact import AVATAR_COLOURS, Contact, Via
from contacts.models.erasure import Erasure
from contacts.models.preference import ListPreference
from contacts.models.variables import AccountVariable, VariableDefinition

__all__ = [
    "AVATAR_COLOURS",
    "AccountVariable",
    "Contact",
    "ContactList",
    "Erasure",
    "ListPreference",
    "Source",
    "VariableDefinition",
    "Via",
]
