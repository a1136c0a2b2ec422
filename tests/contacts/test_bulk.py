"""Bulk actions: chosen from the list, confirmed, and done by a worker in slices, by the verbs of one contact."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from activity import transfers
from activity.catalogue import Channel
from activity.models import Transfer
from activity.transfer_states import State
from config.models import User
from contacts.bulk import steps
from contacts.bulk.actions import Action, Done, action_of, offered_to
from contacts.models import Contact, Erasure
from subscriptions.models import BlacklistEntry, ConsentRecord
from subscriptions.policy import Closed, verdicts
from tests.factories import ContactFactory, SourceFactory, UserFactory
from tests.subscriptions.consent import subscribe, unsubscribe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.TRANSFERS_ROOT = tmp_path / "transfers"


def chosen(site: Client, action: str, *contacts: Contact, query: str = "", scope: str = "chosen") -> Any:
    data = {"bulk-action": action, "bulk-scope": scope, "query": query, "ids": [each.pk for each in contacts]}
    return site.post("/contacts/bulk/", data, follow=True)


def done(site: Client, action: str, *contacts: Contact, reason: str = "", **more: str) -> Transfer:
    """The whole way: chosen, confirmed, and done by a worker."""
    chosen(site, action, *contacts, **more)
    transfer = Transfer.objects.latest("pk")
    assert site.post(f"/contacts/bulk/{transfer.pk}/", {"reason": reason}).status_code == 302
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.error) == (State.DONE, "")
    return transfer


def test_what_is_chosen_is_done_after_it_is_confirmed_and_not_before(site: Client) -> None:
    people, other = ContactFactory.create_batch(3), ContactFactory.create()
    page = chosen(site, "deactivate", *people).content.decode()
    assert "Do it to 3 contacts" in page
    assert "Nothing at all is sent to them" in page
    assert Contact.objects.filter(is_active=True).count() == 4
    transfer = Transfer.objects.get()
    site.post(f"/contacts/bulk/{transfer.pk}/", {"reason": "The shop has closed"})
    site.post(f"/contacts/bulk/{transfer.pk}/", {"reason": "twice"})
    transfers.run(transfer.pk)
    assert list(Contact.objects.filter(is_active=True)) == [other]
    transfer.refresh_from_db()
    assert transfer.result == {"changed": 3, "unchanged": 0, "refused": 0, "gone": 0}
    assert set(ConsentRecord.objects.values_list("reason", flat=True)) == {"The shop has closed"}
    assert "3" in site.get(f"/contacts/bulk/{transfer.pk}/").content.decode()


def test_all_that_the_list_shows_are_those_under_its_filters(site: Client) -> None:
    source = SourceFactory.create()
    ContactFactory.create_batch(2, source=source)
    ContactFactory.create_batch(2)
    transfer = done(site, "deactivate", query=f"source={source.pk}&sort=name", scope="all")
    assert transfer.result["changed"] == 2
    assert not Contact.objects.filter(source=source, is_active=True).exists()
    assert Contact.objects.filter(is_active=True).count() == 2


def test_who_comes_later_is_not_among_them(site: Client) -> None:
    ContactFactory.create()
    chosen(site, "deactivate", scope="all")
    later = ContactFactory.create()
    transfer = Transfer.objects.get()
    site.post(f"/contacts/bulk/{transfer.pk}/", {"reason": ""})
    transfers.run(transfer.pk)
    later.refresh_from_db()
    assert later.is_active


def test_a_bulk_subscription_never_loosens_an_opt_out(site: Client) -> None:
    new, left, there = ContactFactory.create_batch(3)
    for contact in (left, there):
        subscribe(contact)
    unsubscribe(left)
    transfer = done(site, "subscribe-email", new, left, there)
    assert transfer.result == {"changed": 1, "unchanged": 1, "refused": 1, "gone": 0}
    assert Closed.UNSUBSCRIBED in verdicts(left.pk)[Channel.EMAIL].reasons
    assert verdicts(new.pk)[Channel.EMAIL].is_open


def test_blacklists_take_and_lose_the_addresses(site: Client, admin: User, signed_in: Callable[[User], Client]) -> None:
    people = ContactFactory.create_batch(2, phone=None)
    assert done(site, "blacklist-email", *people, reason="They asked").result["changed"] == 2
    assert done(site, "blacklist-phone", *people).result["refused"] == 2
    assert set(BlacklistEntry.objects.values_list("address", "note")) == {(each.email, "They asked") for each in people}
    assert "unblacklist-email" not in {each.slug for some in offered_to(of(site)).values() for each in some}
    assert done(signed_in(admin), "unblacklist-email", *people).result["changed"] == 2
    assert not BlacklistEntry.objects.exists()


def of(site: Client) -> User:
    return User.objects.get(pk=site.session["_auth_user_id"])


def test_deleting_gives_receipts_and_counts_who_had_gone(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_SLICE", 2)
    people = ContactFactory.create_batch(5)
    chosen(site, "delete", *people)
    Contact.objects.filter(pk=people[0].pk).delete()
    transfer = Transfer.objects.get()
    site.post(f"/contacts/bulk/{transfer.pk}/", {"reason": ""})
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    assert transfer.result == {"changed": 4, "unchanged": 0, "refused": 0, "gone": 1}
    assert not Contact.objects.exists()
    assert sum(len(each.contacts) for each in Erasure.objects.all()) == 4


def test_a_worker_that_is_killed_leaves_whole_slices_and_the_next_goes_on(
    site: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "_SLICE", 2)
    people = ContactFactory.create_batch(5)
    chosen(site, "deactivate", *people)
    transfer = Transfer.objects.get()
    site.post(f"/contacts/bulk/{transfer.pk}/", {"reason": ""})
    action = action_of("deactivate")
    assert action
    calls: list[int] = []

    def die_in_the_second(ids: Any, actor: Any, reason: str) -> Done:
        result = action.apply(ids, actor, reason)
        calls.append(len(ids))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return result

    dying = Action(**{**vars(action), "apply": die_in_the_second})
    monkeypatch.setattr(steps, "action_of", lambda _slug: dying)
    with pytest.raises(KeyboardInterrupt):
        transfers.run(transfer.pk)
    assert Contact.objects.filter(is_active=False).count() == 2
    Transfer.objects.update(due_at="2020-01-01T00:00:00Z")
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    assert transfer.result == {"changed": 5, "unchanged": 0, "refused": 0, "gone": 0}
    assert ConsentRecord.objects.count() == 5


class TestWhoMay:
    def test_support_sees_no_boxes_and_gets_nowhere(self, support: User, signed_in: Callable[[User], Client]) -> None:
        contact, site = ContactFactory.create(), signed_in(support)
        assert 'name="ids"' not in site.get("/contacts/").content.decode()
        assert chosen(site, "deactivate", contact).status_code == 403

    def test_an_action_beyond_ones_role_is_none(self, site: Client) -> None:
        page = chosen(site, "unblacklist-email", ContactFactory.create()).content.decode()
        assert "Select a valid choice" in page
        assert not Transfer.objects.exists()

    def test_somebody_elses_is_not_found(self, site: Client, signed_in: Callable[[User], Client]) -> None:
        chosen(site, "deactivate", ContactFactory.create())
        other = signed_in(UserFactory.create(role="Marketer"))
        pk = Transfer.objects.get().pk
        assert other.get(f"/contacts/bulk/{pk}/").status_code == 404
        for address in ("", "cancel/", "retry/"):
            assert other.post(f"/contacts/bulk/{pk}/{address}").status_code == 404

    def test_who_has_lost_the_right_meanwhile_is_refused(self, site: Client, marketer: User) -> None:
        contact = ContactFactory.create()
        chosen(site, "deactivate", contact)
        transfer = Transfer.objects.get()
        site.post(f"/contacts/bulk/{transfer.pk}/", {"reason": ""})
        marketer.groups.clear()
        transfers.run(transfer.pk)
        transfer.refresh_from_db()
        contact.refresh_from_db()
        assert (transfer.state, contact.is_active) == (State.FAILED, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"bulk-action": "deactivate", "bulk-scope": "chosen"}, "Tick the contacts it is for"),
        ({"bulk-scope": "all"}, "Choose what is to be done"),
        ({"bulk-action": "nonsense", "bulk-scope": "all"}, "Select a valid choice"),
        ({"bulk-action": "deactivate", "bulk-scope": "chosen", "ids": ["1"] * 501}, "too many to be ticked"),
        ({"bulk-action": "deactivate", "bulk-scope": "chosen", "ids": ["x", "9" * 30]}, "Tick the contacts"),
    ],
)
def test_what_makes_no_sense_is_told_on_the_list(data: dict[str, Any], words: str, site: Client) -> None:
    page = site.post("/contacts/bulk/", data | {"query": "sort=name"}, follow=True)
    assert words in page.content.decode()
    assert page.redirect_chain[-1][0] == "/contacts/?sort=name"
    assert not Transfer.objects.exists()


def test_boxes_carry_the_names_and_belong_to_the_form(site: Client) -> None:
    contact = ContactFactory.create(first_name="Olga <b>", last_name="P")
    page = site.get("/contacts/?sort=name").content.decode()
    box = re.search(r'<input class="tick"[^>]*name="ids"[^>]*>', page)
    assert box
    assert f'value="{contact.pk}" form="bulk" aria-label="Olga &lt;b&gt; P"' in box[0]
    assert '<input type="hidden" name="query" value="sort=name">' in page


def test_it_can_be_cancelled_before_anything_is_done(site: Client) -> None:
    contact = ContactFactory.create()
    chosen(site, "delete", contact)
    transfer = Transfer.objects.get()
    page = site.post(f"/contacts/bulk/{transfer.pk}/cancel/", follow=True).content.decode()
    assert "Nothing was done" in page
    site.post(f"/contacts/bulk/{transfer.pk}/", {"reason": ""})
    assert Contact.objects.filter(pk=contact.pk).exists()
