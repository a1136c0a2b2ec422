"""Download on the feed, and what can be done with the export in the log."""

from collections.abc import Callable

import pytest
from django.test import Client

from activity.models import AuditEntry, Transfer
from activity.transfer_states import State
from config.models import User
from contacts.models import Contact
from tests.factories import ContactFactory, ContactListFactory, TransferFactory

pytestmark = pytest.mark.django_db

LOG = "/activity/transfers/"


@pytest.fixture
def olga() -> Contact:
    return ContactFactory.create(first_name="Olga")


def ask(site: Client, contact: Contact, **data: str) -> Transfer:
    response = site.post(f"/contacts/{contact.pk}/export/", data)
    assert response.status_code == 302, response
    assert response["Location"] == LOG
    return Transfer.objects.latest("pk")


def test_the_filters_in_force(site: Client, olga: Contact, marketer: User) -> None:
    shown = {"channel": "email", "period": "30", "order": "oldest"}
    transfer = ask(site, olga, scope="shown", format="xlsx", **shown)
    assert transfer.parameters["filters"] == shown
    assert transfer.parameters["format"] == "xlsx"
    assert (transfer.owner, transfer.contact_id, transfer.state) == (marketer, olga.pk, State.QUEUED)
    assert AuditEntry.objects.get().verb == "activity_export.run"


def test_everything_in_the_order_that_is_shown(site: Client, olga: Contact) -> None:
    transfer = ask(site, olga, scope="all", channel="email", order="oldest")
    assert transfer.parameters["filters"] == {"period": "all", "order": "oldest"}


def test_nonsense_is_the_usual(site: Client, olga: Contact) -> None:
    transfer = ask(site, olga, scope="?", format="exe", channel="smoke", zone="Mars")
    assert transfer.parameters == {"filters": {}, "format": "csv", "zone": "UTC", "contact": olga.pk}


def test_the_feed_offers_it_to_those_who_may(
    site: Client, olga: Contact, signed_in: Callable[[User], Client], support: User
) -> None:
    page = site.get(f"/contacts/{olga.pk}/?channel=email").content.decode()
    assert f'action="/contacts/{olga.pk}/export/"' in page
    assert '<input type="hidden" name="channel" value="email">' in page
    theirs = signed_in(support)
    assert "/export/" not in theirs.get(f"/contacts/{olga.pk}/").content.decode()
    assert theirs.post(f"/contacts/{olga.pk}/export/").status_code == 403
    assert not Transfer.objects.exists()


def test_only_of_contacts_with_a_profile(site: Client) -> None:
    other = ContactFactory.create(contact_list=ContactListFactory.create())
    assert site.post(f"/contacts/{other.pk}/export/").status_code == 404
    assert site.post("/contacts/999999/export/").status_code == 404
    assert not Transfer.objects.exists()


class TestInTheLog:
    def test_it_is_a_row_with_its_progress(self, site: Client, olga: Contact) -> None:
        transfer = ask(site, olga)
        Transfer.objects.update(state=State.RUNNING, done=500, total=2000)
        page = site.get(LOG).content.decode()
        assert transfer.result_name in page
        assert "500 of 2,000" in page
        assert f'action="/activity/transfers/{transfer.pk}/cancel/"' in page

    def test_its_page_says_what_is_in_it(self, site: Client, olga: Contact) -> None:
        transfer = ask(site, olga, channel="email", origin="campaign", period="30")
        page = site.get(transfer.url).content.decode()
        for words in (
            f'href="/contacts/{olga.pk}/">Olga',
            "Activity export",
            "Email",
            "Campaign",
            "All statuses",
            "30 days",
            "Waiting for a worker",
        ):
            assert words in page

    def test_it_can_be_cancelled_from_the_row_and_its_page(self, site: Client, olga: Contact) -> None:
        transfer = ask(site, olga)
        assert site.post(f"{LOG}{transfer.pk}/cancel/", {"list": "1"})["Location"] == LOG
        transfer.refresh_from_db()
        assert transfer.state == State.CANCELLED
        assert site.post(f"{LOG}{transfer.pk}/cancel/")["Location"] == transfer.url

    def test_it_can_be_tried_again(self, site: Client, olga: Contact) -> None:
        transfer = ask(site, olga)
        Transfer.objects.update(state=State.FAILED, error="The disk is full.")
        assert "The disk is full." in site.get(transfer.url).content.decode()
        assert "Try again" in site.get(LOG).content.decode()
        site.post(f"{LOG}{transfer.pk}/retry/")
        transfer.refresh_from_db()
        assert transfer.state == State.QUEUED

    def test_its_progress_comes_alone_and_then_the_page_anew(self, site: Client, olga: Contact) -> None:
        transfer = ask(site, olga)
        fragment = site.get(f"{LOG}{transfer.pk}/progress/").content.decode()
        assert "<html" not in fragment
        assert f'hx-get="{LOG}{transfer.pk}/progress/"' in fragment
        Transfer.objects.update(state=State.DONE)
        assert site.get(f"{LOG}{transfer.pk}/progress/")["HX-Refresh"] == "true"

    def test_of_others_there_is_nothing(self, site: Client) -> None:
        other = TransferFactory.create(kind="activity_export", result_name="activity.csv", step="run")
        for address in ("", "progress/"):
            assert site.get(f"{LOG}{other.pk}/{address}").status_code == 404
        for address in ("cancel/", "retry/"):
            assert site.post(f"{LOG}{other.pk}/{address}").status_code == 404

    def test_an_import_leads_to_its_own_page(self, site: Client, marketer: User) -> None:
        transfer = TransferFactory.create(owner=marketer)
        assert site.get(f"{LOG}{transfer.pk}/")["Location"] == f"/contacts/import/{transfer.pk}/"

    def test_an_import_that_refused_rows_offers_them(self, site: Client, marketer: User) -> None:
        done = TransferFactory.create(owner=marketer, state=State.DONE, step="run", result={"refused": 2})
        assert f"/contacts/import/{done.pk}/refused/" in site.get(LOG).content.decode()
        Transfer.objects.update(expires_at=None)
        assert "/refused/" not in site.get(LOG).content.decode()
