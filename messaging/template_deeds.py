"""Message templates in the words of the Activity Log, and on the page of components."""

from django.utils.translation import gettext_lazy as _

from activity.deeds import Deed
from activity.models import AuditEntry
from contacts.views.components import Kind
from messaging.models import Template


def _version(entry: AuditEntry) -> str:
    return str(_("version %(number)s") % {"number": entry.details.get("version", "")})


TEMPLATE_DEEDS = {
    "message.test": Deed(_("Sent a test of a message to themselves")),
    "template.submitted": Deed(_("Noted a template as submitted"), _version),
    "template.approved": Deed(_("Approved a template"), _version),
    "template.rejected": Deed(_("Rejected a template"), _version),
}
TEMPLATES = Kind(
    Template,
    _("Message templates"),
    _("What messages start from, by channel; each change is a version, and Viber’s are approved."),
    "document-text",
)
