"""What is done with messages, in the words of the Activity Log. A message is named by its contact."""

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.deeds import Deed, Entries, Subject
from activity.models import AuditEntry
from messaging.models import Message
from messaging.providers.labels import label_of
from messaging.tellings import Telling


def _count(entry: AuditEntry) -> str:
    count, skipped = int(entry.details.get("count", 1)), int(entry.details.get("skipped", 0))
    words = _("%(count)d messages") % {"count": count} if count != 1 else ""
    left_out = _("%(count)d not sent") % {"count": skipped} if skipped else ""
    return ", ".join(filter(None, (words, left_out)))


def _played(entry: AuditEntry) -> str:
    telling = entry.details.get("telling", "")
    return str(Telling(telling).label) if telling in Telling.values else ""


def _provider(entry: AuditEntry) -> str:
    return label_of(str(entry.details.get("provider", "")))


DEEDS = {
    "message.send": Deed(gettext_lazy("Launched messages"), _count),
    "message.settle": Deed(gettext_lazy("Settled whether a message was sent")),
    "message.check": Deed(gettext_lazy("Had a provider asked about a message")),
    "provider.credentials": Deed(gettext_lazy("Changed credentials of a provider"), _provider),
    "provider.removed": Deed(gettext_lazy("Removed the account at a provider"), _provider),
    "message.cancel": Deed(gettext_lazy("Cancelled a message")),
    "message.play": Deed(gettext_lazy("Played a callback in the sandbox"), _played),
}


def message_subjects(entries: Entries, viewer: AbstractUser) -> dict[int, Subject]:
    """Their contacts and pages, for those who may see them."""
    if not viewer.has_perms(("contacts.view_contact", "messaging.view_message")):
        return {}
    there = Message.objects.select_related("contact").in_bulk([entry.object_id for entry in entries])
    found = ((entry.pk, there.get(entry.object_id or 0)) for entry in entries)
    return {
        pk: Subject(
            _("Message %(number)d to %(name)s") % {"number": message.pk, "name": message.contact.full_name},
            message.get_absolute_url(),
        )
        for pk, message in found
        if message
    }
