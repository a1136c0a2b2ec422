from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activity.audit import Actor
from activity.requests import StaffRequest
from contacts.models import Contact
from contacts.profile import profile_context
from contacts.views.profile import contact_or_404
from notes.forms import NoteForm
from notes.models import MOST_NOTES, Note
from notes.writing import Full, add_note, delete_note

_may_read = permission_required(("contacts.view_contact", "notes.view_note"), raise_exception=True)


@_may_read
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: StaffRequest, pk: int) -> HttpResponse:
    """The Notes tab; a POST adds a note."""
    contact = contact_or_404(pk)
    if request.method == "POST":
        return _add(request, contact)
    return _page(request, contact, NoteForm())


@permission_required("notes.add_note", raise_exception=True)
def _add(request: StaffRequest, contact: Contact) -> HttpResponse:
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            add_note(contact=contact, actor=Actor.of(request), **form.cleaned_data)
        except Full as refusal:
            form.add_error("text", str(refusal))
        except Contact.DoesNotExist:  # deleted a moment ago, as the page will say
            return redirect("notes:list", contact.pk)
        else:
            messages.success(request, _("The note is added."))
            return redirect("notes:list", contact.pk)
    return _page(request, contact, form)


def _page(request: StaffRequest, contact: Contact, form: NoteForm) -> HttpResponse:
    """The tab; who has written something that cannot be added finds it in the form, even where there is no room."""
    rows = [{"note": note, "deletable": note.may_be_deleted_by(request.user)} for note in Note.objects.on(contact)]
    context = {
        **profile_context(contact, tab="notes"),
        "rows": rows,
        "most": MOST_NOTES,
        "full": len(rows) >= MOST_NOTES,
        "may_make_room": any(row["deletable"] for row in rows),
        "form": form,
    }
    return render(request, "notes/notes_tab.html", context)


@_may_read
@require_POST
def deletion(request: StaffRequest, pk: int, note: int) -> HttpResponse:
    """Deletes a note; the page has asked. One that somebody else was quicker to delete is gone all the same."""
    contact = contact_or_404(pk)
    found = Note.objects.on(contact).filter(pk=note).first()
    if found and not found.may_be_deleted_by(request.user):
        raise PermissionDenied
    if found and delete_note(note=found, actor=Actor.of(request)):
        messages.success(request, _("The note is deleted."))
    else:
        messages.info(request, _("This note has been deleted already."))
    return redirect("notes:list", contact.pk)
