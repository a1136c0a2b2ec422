from functools import cache

from django.db.models import BigIntegerField
from django.http import Http404
from django.utils.translation import gettext as _

from activity.prepared import Given, Prepared
from contacts.models import Contact


def contact_or_404(pk: int) -> Contact:
    """A contact with a profile. Raises `Http404` with the reason, also for contacts of other lists: they have none."""
    contact = next(iter(_statement().objects(Contact, contact=pk)), None) if pk <= BigIntegerField.MAX_BIGINT else None
    if contact is None:
        raise Http404(_("There is no contact with this number. It may have been deleted."))
    if not contact.contact_list.is_default:
        raise Http404(
            _("This contact is on the list “%(list)s”. Only contacts of the Default Contact List have a profile.")
            % {"list": contact.contact_list}
        )
    return contact


@cache
def _statement() -> Prepared:
    return Prepared.of(Contact.objects.filter(pk=Given("contact")), related=("source", "contact_list"))
