"""What is done to the permission to send, in the words of the Activity Log."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.catalogue import Channel
from activity.deeds import Deed
from activity.labels import CHANNELS
from activity.models import AuditEntry
from subscriptions.facts import Blacklist


def _channel(entry: AuditEntry) -> str:
    slug = entry.details.get("channel", "")
    return next((str(CHANNELS[channel]) for channel in Channel if channel.slug == slug), "")


def _list(entry: AuditEntry) -> str:
    name = str(entry.details.get("kind", "")).upper()
    words = str(Blacklist[name].label) if name in Blacklist.__members__ else ""
    count = entry.details.get("count", 1)
    return _("%(list)s: %(count)s addresses") % {"list": words, "count": count} if count != 1 else words


DEEDS = {
    "subscription.subscribe": Deed(gettext_lazy("Subscribed a contact"), _channel),
    "subscription.unsubscribe": Deed(gettext_lazy("Unsubscribed a contact"), _channel),
    "subscription.readdress": Deed(gettext_lazy("Changed where a contact's messages go"), _channel),
    "contact.activate": Deed(gettext_lazy("Activated a contact")),
    "contact.deactivate": Deed(gettext_lazy("Deactivated a contact")),
    "blacklist.add": Deed(gettext_lazy("Added to a black list"), _list),
    "blacklist.remove": Deed(gettext_lazy("Removed from a black list"), _list),
    "blacklist.export": Deed(gettext_lazy("Exported a black list")),
    "consent.import": Deed(gettext_lazy("Changed consents by an import")),
}
