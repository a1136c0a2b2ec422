from django.http import Http404
from django.utils.translation import gettext as _

from contacts.views.profile import contact_or_404
from messaging.models import Message


def message_or_404(pk: int) -> Message:
    """A message with its contact and content. Raises `Http404` with the reason."""
    message = Message.objects.with_all().select_related("resend_of").filter(pk=pk).first()
    if message is None:
        raise Http404(_("There is no message with this number. It may have gone with its contact."))
    contact_or_404(message.contact_id)
    return message
