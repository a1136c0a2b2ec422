from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from activity.requests import StaffRequest
from contacts.models import Contact
from contacts.profile import profile_context


def contact_or_404(pk: int) -> Contact:
    """A contact with a profile. Raises `Http404` with the reason, also for contacts of other lists: they have none."""
    contact = Contact.objects.select_related("source", "contact_list").filter(pk=pk).first()
    if contact is None:
        raise Http404(_("There is no contact with this number. It may have been deleted."))
    if not contact.contact_list.is_default:
        raise Http404(
            _("This contact is on the list “%(list)s”. Only contacts of the Default Contact List have a profile.")
            % {"list": contact.contact_list}
        )
    return contact


@require_safe
@permission_required("contacts.view_contact", raise_exception=True)
def profile(request: StaffRequest, pk: int) -> HttpResponse:
    """The profile, its Activity tab open."""
    contact = contact_or_404(pk)
    return render(request, "contacts/activity_tab.html", profile_context(contact, tab="activity"))
