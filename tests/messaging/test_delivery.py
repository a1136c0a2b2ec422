"""Delivery: what becomes of messages, whatever providers answer and whoever is lost on the way."""

import datetime
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from activity.catalogue import Channel, Origin
from contacts.models import Contact
from messaging.delivery import leases, outgoing, pace, work
from messaging.delivery.claim import claim
from messaging.delivery.finish import ending_of, finish
from messaging.delivery.gate import enter as enter_
from messaging.delivery.outgoing import address_of
from messaging.delivery.slots import place_at
from messaging.models import Attempt, Message, Outcome, Pace, WrittenContent
from messaging.providers.interface import Accepted, Answer, NotSent, Outgoing, Provider, Refused, Unknown
from messaging.states import State
from messaging.tellings import Telling
from subscriptions.models import BlacklistEntry
from tests.factories import ContactFactory
from tests.messaging.conftest import Fake
from tests.messaging.messages import MAIL, TEXT, launch, now_, statuses
from tests.subscriptions.consent import unsubscribe

pytestmark = pytest.mark.django_db


def claim_(channel: Channel, provider: Fake, *, most: int) -> list[Message]:
    return claim(channel, provider, most=most).messages


def enter(message: Message) -> bool:
    return enter_(message, address_of(message))


def test_a_message_is_made_for_its_contact_handed_over_and_written_down(contact: Contact, fake: Fake) -> None:
    message = launch(contact)

    assert work.deliver(Channel.EMAIL) == 1

    (given,) = fake.given
    assert (given.rendered.subject, given.address) == ("Hello Olena", contact.email)
    sent = now_(message)
    assert (sent.state, sent.provider_id, sent.words) == (State.SENT, f"f-{message.pk}", "Taken")
    attempt = Attempt.objects.get(message=message)
    assert (attempt.outcome, attempt.words, attempt.number) == (Outcome.ACCEPTED, "Taken", 1)


@pytest.mark.parametrize(
    ("answer", "state", "told"),
    [
        (Accepted(), State.SENT, []),
        (Refused(True, "550 5.1.1 nobody", Telling.HARD), State.HARD, ["hard"]),
        (Refused(True, "554 spam", Telling.REJECTED), State.REJECTED, ["reject"]),
        (Refused(False, "450 later"), State.QUEUED, ["soft"]),
        (NotSent("Connection refused"), State.QUEUED, []),
        (Unknown("timed out"), State.UNCERTAIN, []),
    ],
)
def test_each_answer_has_its_state_and_its_event(
    contact: Contact, fake: Fake, answer: Answer, state: State, told: list[str]
) -> None:
    fake.say = lambda _outgoing: answer
    message = launch(contact)

    work.deliver(Channel.EMAIL)
    work.deliver(Channel.EMAIL)

    assert (now_(message).state, statuses(message), len(fake.given)) == (state, told, 1)
    assert BlacklistEntry.objects.exists() == (state == State.HARD)


def test_bounces_for_now_are_tried_again_for_three_days(contact: Contact, fake: Fake) -> None:
    fake.say = lambda _outgoing: Refused(False, "452 4.2.2 full")
    message = launch(contact)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while now_(message).state == State.QUEUED:
            work.deliver(Channel.EMAIL)
            clock.shift(datetime.timedelta(hours=4.9))
        lasted = timezone.now() - message.created_at

    assert now_(message).state == State.SOFT
    # A refusal is the last one where the next attempt would come after three days.
    assert datetime.timedelta(days=2.7) < lasted < datetime.timedelta(days=3.5)
    assert 10 < len(fake.given) < 20
    assert statuses(message) == ["soft"]


def test_an_unreachable_provider_rests_and_holds_up_no_other_channel(contact: Contact, fake: Fake) -> None:
    fake.say = lambda outgoing: NotSent("refused") if outgoing.channel is Channel.EMAIL else Accepted()
    mails = [launch(contact) for _each in range(3)]
    text = launch(contact, TEXT)

    work.deliver(Channel.EMAIL)

    assert len(fake.given) == 1
    assert {now_(each).state for each in mails} == {State.QUEUED}
    Pace.objects.update(provider="another")
    work.deliver(Channel.SMS)
    assert now_(text).state == State.SENT


def test_a_rest_that_was_asked_for_is_not_cut_short_by_who_was_answered_meanwhile(contact: Contact, fake: Fake) -> None:
    pace.rest(fake, "429", 60)
    pace.answered(fake)
    assert Pace.objects.get().failures == 1
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=61)):
        pace.answered(fake)

    assert (Pace.objects.get().failures, Pace.objects.get().rests_until) == (0, None)


@pytest.mark.parametrize("answer", [Accepted("f-1"), Refused(True, "550", Telling.HARD), Refused(False, "450")])
@pytest.mark.parametrize("confirms", [True, False])
def test_what_was_committed_without_anybody_being_told_is_written_once(
    contact: Contact, fake: Fake, monkeypatch: pytest.MonkeyPatch, answer: Answer, confirms: bool
) -> None:
    monkeypatch.setattr(Fake, "CONFIRMS", confirms)
    message = launch(contact)
    (claimed,) = claim_(Channel.EMAIL, fake, most=1)
    assert enter(claimed)
    ending = ending_of(answer, claimed, fake, timezone.now())

    work._write_down(claimed, ending)
    once = now_(message), statuses(message)
    work._write_down(claimed, ending)
    assert finish(claimed, ending)

    assert (Attempt.objects.count(), now_(message).attempts_made) == (1, 1)
    assert (now_(message), statuses(message)) == once


def test_a_rate_is_shared_by_all_who_send(contact: Contact, fake: Fake, settings: Settings) -> None:
    settings.DELIVERY_RATES = {"fake": 2.0}
    for _each in range(6):
        launch(contact)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = [len(claim_(Channel.EMAIL, fake, most=10)) for _twice in range(2)]
        clock.shift(datetime.timedelta(seconds=60))
        later = [len(claim_(Channel.EMAIL, fake, most=1)) for _thrice in range(3)]

    assert (first, later) == ([2, 0], [1, 1, 0])


def test_a_channel_has_places_for_some_senders_only(contact: Contact, settings: Settings) -> None:
    settings.DELIVERY_CONCURRENCY = 2
    with place_at(Channel.EMAIL) as first, place_at(Channel.EMAIL) as second, place_at(Channel.EMAIL) as third:
        assert [each is not None for each in (first, second, third)] == [True, True, False]
        with place_at(Channel.SMS) as other:
            assert other
        with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5)), place_at(Channel.EMAIL) as taken:
            assert taken
            assert first
            assert not first.keep()


def test_who_opts_out_between_claim_and_call_is_not_written_to(contact: Contact, fake: Fake) -> None:
    message = launch(contact)
    (claimed,) = claim_(Channel.EMAIL, fake, most=10)

    unsubscribe(contact)

    assert not enter(claimed)
    assert now_(message).state == State.SKIPPED
    assert statuses(message) == ["reject"]


def test_one_that_cannot_be_read_keeps_no_other_from_being_sent(contact: Contact, fake: Fake) -> None:
    broken, fine = launch(contact), launch(contact, replace(MAIL, subject="Another"))
    assert broken.written
    WrittenContent.objects.filter(pk=broken.written.pk).update(body={"channel": "pigeon"})

    work.deliver(Channel.EMAIL)

    assert now_(broken).state == State.REJECTED
    assert [given.message_id for given in fake.given] == [fine.pk]


def test_who_has_moved_since_the_claim_is_written_to_at_the_new_address(contact: Contact, fake: Fake) -> None:
    message = launch(contact)
    (claimed,) = claim_(Channel.EMAIL, fake, most=10)
    Contact.objects.filter(pk=contact.pk).update(email="new@example.com", first_name="Olha")

    assert not enter(claimed)
    assert now_(message).state == State.QUEUED
    work.deliver(Channel.EMAIL)

    (given,) = fake.given
    assert (given.address, given.rendered.subject) == ("new@example.com", "Hello Olha")
    assert now_(message).state == State.SENT


def test_one_that_cannot_be_made_for_its_provider_was_never_called_for(
    contact: Contact, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends by itself, and is nobody's uncertain one."""
    broken, fine = launch(contact), launch(contact, replace(MAIL, subject="Another"))
    made = outgoing._outgoing

    def make(message: Message, provider: Provider) -> Outgoing:
        if message.pk == broken.pk:
            raise RuntimeError
        return made(message, provider)

    monkeypatch.setattr(outgoing, "_outgoing", make)
    work.deliver(Channel.EMAIL)

    assert (now_(broken).state, now_(broken).called_at) == (State.REJECTED, None)
    assert [given.message_id for given in fake.given] == [fine.pk]


def test_claims_that_only_refuse_do_not_end_a_round(contact: Contact, fake: Fake, settings: Settings) -> None:
    settings.DELIVERY_BATCH = 1
    left = ContactFactory.create()
    for _each in range(3):
        launch(contact)
    Message.objects.update(contact=left)
    last = launch(contact)

    assert work.deliver(Channel.EMAIL) == 1

    assert Message.objects.filter(state=State.SKIPPED).count() == 3
    assert now_(last).state == State.SENT


def test_what_has_become_late_since_the_claim_is_not_sent(contact: Contact, fake: Fake) -> None:
    message = launch(contact)
    (claimed,) = claim_(Channel.EMAIL, fake, most=10)
    claimed.not_after = timezone.now()
    claimed.save(update_fields=["not_after"])

    assert not enter(claimed)
    assert now_(message).state == State.EXPIRED


def test_who_may_not_be_written_to_is_not_claimed(contact: Contact, fake: Fake) -> None:
    late, left, fine = launch(contact, not_after=timezone.now()), launch(contact), ContactFactory.create()
    never = launch(fine)
    unsubscribe(contact)

    assert work.deliver(Channel.EMAIL) == 0

    assert [now_(each).state for each in (late, left, never)] == [State.EXPIRED, State.SKIPPED, State.SKIPPED]
    assert fake.given == []
    assert statuses(never) == ["reject"]


def test_one_person_is_not_kept_waiting_by_a_campaign(contact: Contact, fake: Fake) -> None:
    launch(contact)
    personal = launch(contact, origin=Origin.TRANSACTION)

    (first,) = claim_(Channel.EMAIL, fake, most=1)

    assert first.pk == personal.pk


class TestLostWorkers:
    @pytest.fixture
    def claimed(self, contact: Contact, fake: Fake) -> Message:
        launch(contact)
        (claimed,) = claim_(Channel.EMAIL, fake, most=1)
        return claimed

    @staticmethod
    def later() -> time_machine.travel:
        return time_machine.travel(timezone.now() + datetime.timedelta(minutes=5))

    def test_leave_what_they_had_not_begun_to_others(self, claimed: Message, fake: Fake) -> None:
        with self.later():
            leases.sweep()
            work.deliver(Channel.EMAIL)

        assert now_(claimed).state == State.SENT
        assert not enter(claimed)

    def test_leave_what_they_had_begun_to_people(self, claimed: Message, fake: Fake) -> None:
        assert enter(claimed)
        with self.later():
            leases.sweep()
            work.deliver(Channel.EMAIL)

        assert (now_(claimed).state, fake.given) == (State.UNCERTAIN, [])
        assert Attempt.objects.get().outcome == Outcome.LOST

    def test_are_answered_for_by_a_provider_that_honours_keys(
        self, claimed: Message, fake: Fake, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Fake, "HONOURS_KEYS", True)
        assert enter(claimed)
        with self.later():
            leases.sweep()
            work.deliver(Channel.EMAIL)

        assert now_(claimed).state == State.SENT
        assert len(fake.given) == 1

    def test_that_answer_late_are_believed(self, claimed: Message, fake: Fake) -> None:
        assert enter(claimed)
        with self.later():
            leases.sweep()
            answer = ending_of(Accepted("f-1"), claimed, fake, timezone.now())
            assert finish(claimed, answer)

        assert (now_(claimed).state, now_(claimed).provider_id) == (State.SENT, "f-1")
