"""What an import says of permission to send: it stops, and starts what nobody has begun; it never loosens."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activity import months, transfers
from activity.audit import Actor
from activity.catalogue import Channel, Origin
from activity.models import AuditEntry, Event
from config.models import User
from contacts.imports.consents import ConsentCounts, Statement
from contacts.imports.mapping import Column, Mapping
from contacts.imports.merging import Merger
from contacts.imports.parsing import RowParser
from contacts.imports.reading import Row
from contacts.imports.start import start
from contacts.models import Contact, ContactList
from subscriptions.activation import deactivate
from subscriptions.consent import state_of
from subscriptions.facts import Door, Fact, State
from subscriptions.models import ConsentRecord, OptOut, Subscription
from tests.factories import ContactFactory, ContactListFactory
from tests.subscriptions.consent import subscribe, unsubscribe

pytestmark = pytest.mark.django_db
STATEMENT = Statement("The form on our site", "2026-10-01", "Send me offers")
TARGETS = ("email", "emailSubscribe", "active")


@pytest.fixture(autouse=True)
def _month() -> None:
    months.ensure_present()


def load(
    rows: Sequence[tuple[str, ...]],
    *,
    rehearsal: bool = False,
    consent: Statement | None = STATEMENT,
    targets: tuple[str, ...] = TARGETS,
    chunk: int = 100,
    actor: Actor = Actor(name="marta"),  # noqa: B008 - it never changes
) -> ConsentCounts:
    """Merges rows as an import would; returns what it would say of consents."""
    columns = [Column(index, target, target=target) for index, target in enumerate(targets)]
    mapping = Mapping(width=len(targets), columns=columns, consent=consent)
    merger = Merger(mapping, ContactList.default(), rehearsal=rehearsal, actor=actor, since=now())
    counts = ConsentCounts()
    numbered = [Row(number, list(cells)) for number, cells in enumerate(rows, 2)]
    with merger.staged():
        for first in range(0, len(numbered), chunk):
            for part in RowParser(mapping, region="UA", sources={}).chunks(numbered[first : first + chunk]):
                assert not part.refusals
                outcome = merger.merge(part)
                counts = counts.with_more(outcome.consents, outcome.kept)
    return ConsentCounts(dict(+Counter(counts.changed)), counts.kept, counts.first)


def state(email: str, channel: Channel = Channel.EMAIL) -> State:
    return state_of(Contact.objects.of_list(ContactList.default()).get(email=email), channel)[0]


class TestSubscribing:
    def test_begins_with_the_importers_statement_which_is_kept(self, marketer: User) -> None:
        counts = load([("a@example.com", "1", "")], actor=Actor(marketer, "marta"))
        assert counts.changed == {"subscribed": 1}
        assert state("a@example.com") is State.SUBSCRIBED
        record = ConsentRecord.objects.get()
        assert (record.before, record.after, record.door) == ("never", "subscribed", Door.IMPORT)
        assert (record.by, record.user_id) == ("marta", marketer.pk)
        assert record.evidence == {"source": STATEMENT.source, "at": STATEMENT.day, "wording": STATEMENT.wording}
        assert Event.objects.filter(channel=Channel.EMAIL, origin=Origin.SUBSCRIBED).count() == 1
        assert AuditEntry.objects.get().details == {"changed": {"subscribed": 1}}

    def test_without_a_statement_nobody_is(self) -> None:
        counts = load([("a@example.com", "yes", "")], consent=None)
        assert (counts.changed, counts.kept) == ({}, {"no_statement": 1})
        assert state("a@example.com") is State.NEVER

    def test_reaches_every_channel(self) -> None:
        targets = (
            *("email", "phoneNumber", "smsSubscribe", "telegramSubscribe", "viberSubscribe"),
            *("desktopWebPushSubscribe", "mobileWebPushSubscribe"),
        )
        load([("a@example.com", "067 123 45 67", "true", "1", "так", "on", "yes")], targets=targets)
        assert set(Subscription.objects.values_list("channel", flat=True)) == {2, 3, 4, 5, 6}
        assert not Subscription.objects.filter(begun=False).exists()

    def test_never_ends_an_opt_out(self) -> None:
        contact = ContactFactory.create(email="a@example.com")
        subscribe(contact)
        unsubscribe(contact)
        counts = load([("a@example.com", "1", "")])
        assert (counts.changed, counts.kept) == ({}, {"opted_out": 1})
        assert counts.first == [{"row": 2, "contact_id": contact.pk, "key": "emailSubscribe", "code": "opted_out"}]
        assert state("a@example.com") is State.UNSUBSCRIBED

    def test_never_ends_an_opt_out_of_whoever_had_the_address(self) -> None:
        unsubscribe(ContactFactory.create(email="a@example.com", contact_list=ContactListFactory.create()))
        assert load([("a@example.com", "1", "")]).kept == {"opted_out": 1}
        assert state("a@example.com") is State.UNSUBSCRIBED

    def test_leaves_who_is_subscribed(self) -> None:
        subscribe(ContactFactory.create(email="a@example.com"))
        counts = load([("a@example.com", "1", "")])
        assert (counts.changed, counts.kept) == ({}, {})
        assert ConsentRecord.objects.count() == 1


class TestStopping:
    def test_ends_what_was_and_remembers_the_address(self) -> None:
        subscribe(ContactFactory.create(email="a@example.com"))
        assert load([("a@example.com", "0", ""), ("b@example.com", "no", "")]).changed == {"unsubscribed": 2}
        assert {state("a@example.com"), state("b@example.com")} == {State.UNSUBSCRIBED}
        assert OptOut.objects.count() == 2
        assert [*ConsentRecord.objects.order_by("id").values_list("before", flat=True)][1:] == [
            "subscribed",
            "never",
        ]
        assert ConsentRecord.objects.latest("id").evidence == {}

    def test_deactivates_and_never_activates(self) -> None:
        active, inactive = ContactFactory.create(), ContactFactory.create()
        deactivate(contact=inactive, actor=Actor(), door=Door.PAGE)
        rows = [(str(active.email), "", "false"), (str(inactive.email), "", "true"), ("new@example.com", "", "0")]
        counts = load(rows)
        assert (counts.changed, counts.kept) == ({"deactivated": 2}, {"inactive": 1})
        assert not Contact.objects.filter(is_active=True).exists()
        assert ConsentRecord.objects.filter(fact=Fact.ACTIVE, door=Door.IMPORT).count() == 2
        assert Event.objects.filter(origin=Origin.DEACTIVATED).count() == 3

    def test_a_blank_cell_says_nothing(self) -> None:
        assert load([("a@example.com", "", "")]) == ConsentCounts()
        assert not ConsentRecord.objects.exists()

    @pytest.mark.parametrize("cells", [("0", "1"), ("1", "0")])
    @pytest.mark.parametrize("between", [[], [("b@example.com", "", "")]])
    def test_a_later_row_does_not_loosen_what_an_earlier_one_closed(
        self, cells: tuple[str, str], between: list[tuple[str, ...]]
    ) -> None:
        first, last = (("a@example.com", cell, "") for cell in cells)
        load([first, *between, last])
        assert state("a@example.com") is State.UNSUBSCRIBED


EMAILS = ("a@example.com", "b@example.com", "c@example.com")
_cells = st.sampled_from(["", "0", "1"])
_rows = st.lists(st.tuples(st.sampled_from(EMAILS), _cells, _cells), max_size=8)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(rows=_rows, gone=st.sets(st.sampled_from(EMAILS)), stated=st.booleans(), chunk=st.integers(1, 9))
def test_the_rehearsal_says_what_the_import_does_and_nothing_is_loosened(
    rows: list[tuple[str, str, str]], gone: set[str], stated: bool, chunk: int
) -> None:
    with transaction.atomic():
        for email in gone:
            unsubscribe(ContactFactory.create(email=email))
        consent = STATEMENT if stated else None
        before = ConsentRecord.objects.count()
        rehearsed = load(rows, rehearsal=True, consent=consent, chunk=chunk)
        assert ConsentRecord.objects.count() == before
        done = load(rows, consent=consent, chunk=chunk)
        assert (done.changed, done.kept) == (rehearsed.changed, rehearsed.kept)
        expected: dict[str, str] = dict.fromkeys(gone, "out")
        inactive = set()
        for email, wanted, active in rows:
            if wanted == "0":
                expected[email] = "out"
            elif wanted == "1" and stated:
                expected.setdefault(email, "in")
            if active == "0":
                inactive.add(email)
        # A row for the same contact right behind another is one with it: the stricter of both.
        for (email, wanted, _a), (after, other, _b) in pairwise(rows):
            if email == after and {wanted, other} == {"0", "1"}:
                expected[email] = "out"
        for contact in Contact.objects.all():
            state_ = {State.NEVER: None, State.SUBSCRIBED: "in", State.UNSUBSCRIBED: "out"}[
                state_of(contact, Channel.EMAIL)[0]
            ]
            assert state_ == expected.get(str(contact.email))
            assert contact.is_active == (contact.email not in inactive)
        assert not ConsentRecord.objects.filter(before="unsubscribed").exists()
        transaction.set_rollback(True)


def test_a_file_tells_what_it_keeps_on_every_page(site: Client, marketer: User, tmp_path: Path, settings: Any) -> None:
    settings.TRANSFERS_ROOT = tmp_path / "transfers"
    contact = ContactFactory.create(email="a@example.com")
    unsubscribe(contact)
    subscribe(ContactFactory.create(email="b@example.com"))
    file = tmp_path / "people.csv"
    file.write_text("email,emailSubscribe,active\na@example.com,1,\nb@example.com,0,\nc@example.com,1,0\n")
    transfer = start(file=file, name="people.csv", actor=Actor(marketer, "marta"))
    transfers.run(transfer.pk)
    columns = f"/contacts/import/{transfer.pk}/columns/"
    assert "emailSubscribe" in site.get(columns).content.decode()
    sent = {"check": "1", "target-0": "email", "target-1": "emailSubscribe", "target-2": "active"}
    response = site.post(columns, sent | {"consent_source": "Our site"})
    assert "belong together" in response.content.decode()
    stated = {"consent_source": "Our site", "consent_day": "2026-10-01", "consent_wording": "Offers, please"}
    assert site.post(columns, sent | stated).status_code == 302
    transfers.run(transfer.pk)
    page = site.get(f"/contacts/import/{transfer.pk}/").content.decode()
    for words in ("Consents kept", "Has opted out, and stays so: 1", "<dt>Subscribed</dt><dd>1</dd>", "Import 1 row"):
        assert words in page
    assert state("b@example.com") is State.SUBSCRIBED
    site.post(f"/contacts/import/{transfer.pk}/run/")
    transfers.run(transfer.pk)
    page = site.get(f"/contacts/import/{transfer.pk}/").content.decode()
    assert "Has opted out, and stays so: 1" in page
    assert [state(f"{name}@example.com") for name in "abc"] == [
        State.UNSUBSCRIBED,
        State.UNSUBSCRIBED,
        State.SUBSCRIBED,
    ]
    assert ConsentRecord.objects.filter(by=marketer.username, door=Door.IMPORT).count() == 3
