"""An edit can be asked which segments it would lead to, and changes nothing by that."""

import pytest
from django.test import Client

from activity.models import AuditEntry, Event
from segments.models import Membership
from tests.factories import ContactFactory
from tests.segments.making import segment, settle

pytestmark = pytest.mark.django_db


def ask(site: Client, pk: int, text: str, **more: str) -> str:
    answer = site.post(f"/contacts/{pk}/edit/firstName/", {"text": text, "seen": "Olga", "foresee": "1", **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_tells_what_would_be_entered_and_left_and_keeps_nothing(site: Client) -> None:
    olga = ContactFactory.create(first_name="Olga")
    for name in ("Olga", "Ivan"):
        segment({"field": "firstName", "op": "is", "value": name}, name=f"<{name}>")
    settle()
    events, entries = Event.objects.count(), AuditEntry.objects.count()

    page = ask(site, olga.pk, "Ivan")

    assert "Would enter: “&lt;Ivan&gt;”." in page
    assert "Would leave: “&lt;Olga&gt;”." in page
    assert 'value="Ivan"' in page
    assert "Stays in the same segments." in ask(site, olga.pk, "olga")
    olga.refresh_from_db()
    assert olga.first_name == "Olga"
    assert list(Membership.objects.values_list("segment__name", flat=True)) == ["<Olga>"]
    assert (Event.objects.count(), AuditEntry.objects.count()) == (events, entries)

    segment({"field": "firstName", "op": "is", "value": "Oleh"}, name="New")
    page = ask(site, olga.pk, "olga")
    assert "being counted or cannot be: “New”." in page
    assert "Stays" not in page


def test_what_cannot_be_kept_is_told_as_ever(site: Client) -> None:
    olga = ContactFactory.create(first_name="Olga")
    page = ask(site, olga.pk, "Ivan", seen="Someone")
    assert "has been changed meanwhile" in page
    assert "segments" not in page.partition("<form")[2].partition("</form>")[0]
