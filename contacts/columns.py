"""The columns that the contact list can show."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

COLUMNS: dict[str, str | Promise] = {
    "name": _("Name"),
    "email": _("Email"),
    "phone": _("Phone number"),
    "userId": _("ID"),
    "status": _("Status"),
    "language": _("Language"),
    "source": _("Source"),
    "added": _("Added"),
    "updated": _("Last update"),
    "gender": _("Gender"),
    "birthday": _("Birthday"),
    "timezone": _("Timezone"),
    "score": _("Score"),
}
DEFAULT_COLUMNS = ("name", "email", "phone", "userId", "status", "language", "source", "added")
