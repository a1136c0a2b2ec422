"""What people do to contacts and with imports, in the words of the Activity Log."""

from django.contrib.auth.models import AbstractUser
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext_lazy as _

from activity import deeds
from activity.deeds import Deed, Entries, Subject
from activity.models import AuditEntry
from contacts import exporting
from contacts.bulk import steps as bulk
from contacts.editing import ADDED, EDITED
from contacts.erasure.aftermath import FILES_ERASED
from contacts.erasure.erase import ERASED
from contacts.imports.steps import KIND
from contacts.models import AccountVariable, Contact, ContactList, Source, VariableDefinition
from contacts.scores import BASE_SET
from contacts.values import VALUES

_IMPORTS = {
    "inspect": _("Uploaded a file of contacts"),
    "check": _("Had an import checked"),
    "run": _("Imported contacts"),
    "cancel": _("Cancelled an import"),
    "download": _("Downloaded refused rows"),
}


def register_deeds() -> None:
    deeds.register(
        {
            ADDED: Deed(_("Added a contact")),
            EDITED: Deed(_("Edited a contact"), _edited),
            BASE_SET: Deed(_("Set the base of a contact’s score")),
            ERASED: Deed(_("Deleted contacts for good"), _count),
            FILES_ERASED: Deed(_("Removed deleted contacts from files")),
        }
    )
    deeds.register_transfer(KIND, _IMPORTS)
    deeds.register_transfer(exporting.KIND, exporting.DEEDS)
    deeds.register_transfer(bulk.KIND, bulk.DEEDS)
    deeds.register_naming(Contact._meta.label_lower, contact_subjects)
    for model in (AccountVariable, ContactList, Source, VariableDefinition):
        deeds.register_component(model)


def contact_subjects(entries: Entries, viewer: AbstractUser) -> dict[int, Subject]:
    """Names and profiles of the contacts that are still there, for those who may see them."""
    return subjects_by_contact({entry.pk: entry.object_id or 0 for entry in entries}, viewer)


def subjects_by_contact(contacts: dict[int, int], viewer: AbstractUser) -> dict[int, Subject]:
    """The same for entries that name a contact otherwise; `contacts` has its id by the entry's."""
    if not viewer.has_perm("contacts.view_contact"):
        return {}
    there = Contact.objects.in_bulk(set(contacts.values()))
    found = ((entry, there.get(pk)) for entry, pk in contacts.items())
    return {entry: Subject(contact.full_name, contact.get_absolute_url()) for entry, contact in found if contact}


def _edited(entry: AuditEntry) -> str:
    name = str(entry.details.get("field", ""))
    return str(VALUES[name].label) if name in VALUES else name


def _count(entry: AuditEntry) -> str:
    return intcomma(entry.details.get("contacts", 1))
