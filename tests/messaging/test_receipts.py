"""What comes back: any order and any repetition of tellings end the same way, and what follows from them."""

import os
import re
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st

from activity.catalogue import Channel
from contacts.models import Contact
from messaging.erasure import forget_contents
from messaging.models import Message, Receipt
from messaging.receipts import WAIT, Told, apply_waiting, receive
from messaging.states import TOLD, State, later, settled
from messaging.tellings import SPEAKS_FOR, Telling
from subscriptions.facts import Fact, Reason
from subscriptions.models import BlacklistEntry, ConsentRecord, Subscription
from subscriptions.policy import Closed
from tests.factories import ContactFactory, ContactListFactory
from tests.messaging.messages import launch, now_, statuses
from tests.subscriptions.consent import closed

FIVE = (Telling.SENT, Telling.DELIVERED, Telling.OPENED, Telling.SOFT, Telling.HARD)


def test_every_order_of_five_tellings_each_three_times_ends_in_the_same_state() -> None:
    ends = set()
    for order in permutations(FIVE):
        state = State.SENT
        for telling in order + order[::-1] + order:
            state = later(state, SPEAKS_FOR[telling])
        ends.add(state)
    assert ends == {State.HARD}


@settings(max_examples=int(os.environ.get("EXAMPLES", "100")))
@given(st.lists(st.sampled_from(list(SPEAKS_FOR)), min_size=1, max_size=8), st.randoms(), st.sampled_from(TOLD))
def test_tellings_add_up_in_any_order_and_number(tellings: list[Telling], random: object, first: State) -> None:
    def end(some: list[Telling]) -> State:
        state = first
        for each in some:
            state = later(state, SPEAKS_FOR[each])
        return state

    shuffled = tellings * 3
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert end(shuffled) == end(tellings)
    assert settled(end(tellings), State.SENT) == later(end(tellings), State.SENT)


@pytest.mark.django_db
class TestReceive:
    @pytest.fixture
    def message(self, contact: Contact) -> Message:
        message = launch(contact)
        Message.objects.update(state=State.SENT, provider="fake", provider_id="f-1", address=contact.email)
        return message

    @staticmethod
    def tell(telling: Telling, event_id: str = "", **more: object) -> int:
        wanted: dict[str, object] = {"provider_id": "f-1"} | more
        return receive("fake", [Told(event_id or telling.value, telling, now(), **wanted)])  # type: ignore[arg-type]

    def test_keeps_each_telling_once_and_tells_the_feed(self, message: Message) -> None:
        told = [self.tell(each) for each in (*FIVE[::-1], *FIVE, *FIVE)]

        assert sum(told) == 5
        assert now_(message).state == State.HARD
        assert sorted(statuses(message)) == ["delivered", "hard", "open", "soft"]

    @pytest.mark.parametrize(
        ("telling", "reason", "why"),
        [
            (Telling.HARD, Reason.HARD_BOUNCE, Closed.BLACKLISTED),
            (Telling.COMPLAINED, Reason.COMPLAINT, Closed.BLACKLISTED),
            (Telling.UNSUBSCRIBED, None, Closed.UNSUBSCRIBED),
            (Telling.SOFT, None, None),
        ],
    )
    def test_what_follows_for_the_address(
        self, message: Message, contact: Contact, telling: Telling, reason: Reason | None, why: Closed | None
    ) -> None:
        self.tell(telling)
        self.tell(telling, "again")

        assert closed(contact, Channel.EMAIL) == ([why] if why else [])
        assert [each.reason for each in BlacklistEntry.objects.all()] == ([reason] if reason else [])

    def test_all_who_have_the_address_are_held_at_once(self, message: Message, contact: Contact) -> None:
        """Who held one's own contact first would wait in vain for who bounces at the same address."""
        same = ContactFactory.create(email=contact.email, contact_list=ContactListFactory.create())
        Message.objects.update(contact=same)
        with CaptureQueriesContext(connection) as queries:
            self.tell(Telling.HARD)

        first = next(each["sql"] for each in queries if "contacts_contact" in each["sql"] and " FOR " in each["sql"])
        assert {str(contact.pk), str(same.pk)} <= set(re.findall(r"\d+", first))
        assert ConsentRecord.objects.filter(fact=Fact.EMAIL_BLACKLIST).count() == 2

    def test_another_provider_cannot_speak_of_it(self, message: Message) -> None:
        receive("other", [Told("1", Telling.HARD, now(), message_id=message.pk, provider_id="f-1")])

        assert now_(message).state == State.SENT

    def test_what_nobody_knows_keeps_nothing_behind_it_waiting(
        self, message: Message, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("messaging.receipts._MOST", 2)
        Message.objects.update(provider_id="")
        for number in range(3):
            self.tell(Telling.DELIVERED, f"stranger-{number}", provider_id="x")
        self.tell(Telling.DELIVERED)
        Message.objects.update(provider_id="f-1")

        assert [apply_waiting() for _each in range(3)] == [0, 1, 0]
        assert now_(message).state == State.DELIVERED

    def test_what_is_of_nobody_known_is_forgotten(self, message: Message) -> None:
        self.tell(Telling.DELIVERED)
        left = {"channel": Channel.TELEGRAM, "address": "77"}
        self.tell(Telling.LEFT, "a stranger's", provider_id="", details=left)
        assert not Receipt.objects.filter(applied_at=None).exists()

        Receipt.objects.update(received_at=now() - WAIT * 2)
        apply_waiting()
        assert Receipt.objects.get().message == message

    def test_what_waits_goes_with_the_contact_it_is_of(self, contact: Contact) -> None:
        email = str(contact.email).upper()
        theirs: list[dict[str, object]] = [
            {"raw": {"Final-Recipient": f"rfc822;{email}"}}, {"words": f"550\n<{email}>: user unknown."},
            {"raw": {"to": [{"phone": "380671234567"}]}}, {"raw": {"user": {"id": "chat-1"}}},
            {"details": {"channel": Channel.TELEGRAM, "address": "990099"}}, {"raw": {"chat": {"id": 990099}}},
            {"details": {"channel": Channel.TELEGRAM, "contact": contact.pk}},
        ]  # fmt: skip
        others: list[dict[str, object]] = [
            {"raw": {"email": "x" + email}}, {"raw": {"email": email + ".ua"}}, {"raw": {"phone": "+3806712345678"}},
            {"raw": {"user": {"id": "chat-12"}}}, {"raw": {"update_id": 990099, "chat": {"id": 9900991}}},
            {"details": {"contact": contact.pk + 1}},
        ]  # fmt: skip
        Subscription.objects.filter(contact=contact, channel=Channel.TELEGRAM).update(address="990099")
        for number, more in enumerate([*theirs, *others]):
            self.tell(Telling.SENT, str(number), provider_id="x", **more)

        forget_contents([contact.pk])

        assert sorted(map(int, Receipt.objects.values_list("event_id", flat=True))) == [7, 8, 9, 10, 11, 12]

    def test_what_comes_before_its_message_is_known_waits(self, message: Message) -> None:
        Message.objects.update(provider_id="")
        assert self.tell(Telling.DELIVERED) == 1
        assert Receipt.objects.get().applied_at is None

        Message.objects.update(provider_id="f-1")
        assert apply_waiting() == 1
        assert now_(message).state == State.DELIVERED
