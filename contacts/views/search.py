import secrets

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from activity.requests import StaffRequest
from contacts.cells import rows_of
from contacts.columns import COLUMNS
from contacts.models import ContactList
from contacts.search import MOST_CHARACTERS, MOST_NEAR_MATCHES, SEARCHES, exactly, nearly, unreadable

_SHOWN = ("name", "email", "phone", "userId", "status")
_MOST_REMEMBERED = 20


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.view_contact", raise_exception=True)
def search(request: StaffRequest) -> HttpResponse:
    """Opens the profile of an exact identifier, else shows near matches. By POST: addresses hold no personal value."""
    text = request.POST.get("q", "").strip()[:MOST_CHARACTERS]
    if not text:
        return redirect("contacts:list")
    default = ContactList.default()
    if contact := exactly(text, contact_list=default, region=settings.DEFAULT_REGION):
        return redirect(contact)
    context = {
        "q": text,
        "labels": [COLUMNS[key] for key in _SHOWN],
        "rows": rows_of(nearly(text, contact_list=default)[:MOST_NEAR_MATCHES], _SHOWN),
        "list_url": f"{reverse('contacts:list')}?search={remember(request, text)}",
        "reason": unreadable(text, region=settings.DEFAULT_REGION),
    }
    return render(request, "contacts/search.html", context)


def remember(request: StaffRequest, text: str) -> str:
    """Keeps a search in the session; returns the word that stands for it in addresses."""
    searches: dict[str, str] = request.session.get(SEARCHES, {})
    word = next((word for word, known in searches.items() if known == text), secrets.token_urlsafe(6))
    searches.pop(word, None)
    kept = list(searches.items())[-_MOST_REMEMBERED + 1 :]
    request.session[SEARCHES] = dict([*kept, (word, text)])
    return word


def remembered(request: StaffRequest, word: str) -> str:
    """The search that `remember` gave this word for; "" where this session knows none."""
    return str(request.session.get(SEARCHES, {}).get(word, "")) if word else ""
