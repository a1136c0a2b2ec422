"""Made-up histories."""

import datetime
import io
import re
from collections import Counter, defaultdict
from itertools import chain, pairwise
from typing import Any, NamedTuple

import pytest
from django.core.management import CommandError, call_command

from activity.catalogue import ALL_KINDS, KINDS, MESSAGE_ORIGINS, Channel, Kind, Origin, Status
from activity.models import Event
from contacts.models import Contact, ContactList, Via
from contacts.seeding import demo, happenings
from contacts.seeding.adding import add_demo, add_people
from contacts.seeding.happenings import DEMO_CROWD, TooMany, add_events
from contacts.seeding.histories import Histories, Person, milliseconds

UTC = datetime.UTC
NOW = datetime.datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
DAY = datetime.timedelta(days=1)
START = NOW - 400 * DAY
KYIV = 2 * 3_600_000
EVERYWHERE = frozenset(Channel)


class Line(NamedTuple):
    contact: int
    at: datetime.datetime
    message: int | None
    kind: Kind
    data: str


def read(line: str) -> Line:
    contact, at, message, *kind, data = line.removesuffix("\n").split("\t")
    codes = Kind(Channel(int(kind[0])), Origin(int(kind[1])), Status(int(kind[2])))
    number = None if message == r"\N" else int(message)
    return Line(int(contact), datetime.datetime.fromisoformat(at), number, codes, data)


def person(pk: int, added: datetime.datetime = START, channels: frozenset[Channel] = EVERYWHERE) -> Person:
    return Person(pk, milliseconds(added), KYIV, channels)


def crowd(size: int = 200) -> list[Person]:
    return [person(pk, START + (NOW - START) * pk / (size + 1)) for pk in range(1, size + 1)]


def lines(count: int, people: list[Person] | None = None, *, seed: int = 1, **options: Any) -> list[str]:
    start, heavy = options.pop("start", START), options.pop("heavy", {})
    made = Histories(people or crowd(), start=start, now=NOW, seed=seed, message=1_000)
    return list(chain(*made.days(count, heavy=heavy)))


@pytest.fixture(scope="module")
def told() -> list[Line]:
    """A large history, read once."""
    return [read(line) for line in lines(120_000)]


def by_message(told: list[Line]) -> dict[int, list[Line]]:
    messages = defaultdict(list)
    for line in told:
        if line.message is not None:
            messages[line.message].append(line)
    return messages


def test_the_same_arguments_make_the_same_histories() -> None:
    assert lines(5_000) == lines(5_000)
    assert lines(5_000) != lines(5_000, seed=2)


@pytest.mark.parametrize("count", [0, 1, 7, 399, 400, 3_001])
def test_there_are_as_many_as_asked_for(count: int) -> None:
    assert len(lines(count)) == count


def test_every_kind_of_the_catalogue_occurs_and_no_other(told: list[Line]) -> None:
    assert {line.kind for line in told} == set(KINDS) == ALL_KINDS


def test_nothing_happens_before_a_contact_was_added_or_after_now(told: list[Line]) -> None:
    added = {each.pk: each.added for each in crowd()}
    assert all(added[line.contact] <= milliseconds(line.at) + 1 for line in told)
    assert max(line.at for line in told) <= NOW
    assert NOW - max(line.at for line in told) < DAY / 10


def test_the_first_that_happens_is_being_added(told: list[Line]) -> None:
    firsts = {line.contact: line.kind for line in sorted(told, key=lambda line: line.at, reverse=True)}
    arrived = [contact for contact, kind in firsts.items() if kind == Kind(Channel.CONTACT, Origin.ADDED, Status.NONE)]
    assert len(arrived) == len(crowd())


def test_a_message_is_delivered_before_it_is_opened_and_opened_before_a_click(told: list[Line]) -> None:
    messages = by_message(told)
    assert len(messages) > 10_000
    for events in messages.values():
        # The order of the lines that tell of one message is that of their times.
        assert [line.at for line in events] == sorted(line.at for line in events)
        assert len({(line.contact, line.kind.channel, line.kind.origin) for line in events}) == 1
        assert events[0].kind.origin in MESSAGE_ORIGINS
        statuses = [line.kind.status for line in events]
        assert statuses[0] not in (Status.OPEN, Status.CLICK, Status.COMPLAINT, Status.DISMISSED)
        if Status.CLICK in statuses and events[0].kind.channel != Channel.SMS:
            assert Status.OPEN in statuses[: statuses.index(Status.CLICK)]


def test_messages_say_what_launched_them(told: list[Line]) -> None:
    needed = {
        Origin.CAMPAIGN: {"campaign", "segment", "tags"},
        Origin.AB_TEST: {"campaign", "step"},
        Origin.DRIP_CAMPAIGN: {"campaign", "step"},
        Origin.TRIGGER: {"trigger", "tags"},
        Origin.WORKFLOW: {"workflow", "step", "segment"},
        Origin.TRANSACTION: {"key", "tags"},
    }
    for line in told[:5_000]:
        if line.message is not None:
            assert all(f'"{name}":' in line.data for name in {"title"} | needed[line.kind.origin])


def test_people_open_messages_while_they_are_awake(told: list[Line]) -> None:
    kyiv = datetime.timezone(datetime.timedelta(hours=2))
    hours = Counter(line.at.astimezone(kyiv).hour for line in told if line.kind.status == Status.OPEN)
    assert set(hours) <= set(range(7, 23))
    assert len(hours) == 16


def test_some_people_get_more_than_others(told: list[Line]) -> None:
    counts = Counter(line.contact for line in told).most_common()
    assert counts[0][1] > 5 * counts[len(counts) // 2][1]


def test_nobody_is_written_to_where_there_is_no_address() -> None:
    people = [person(1, channels=frozenset({Channel.TELEGRAM})), person(2, channels=frozenset({Channel.EMAIL}))]
    sent = {(line.contact, line.kind.channel) for line in map(read, lines(2_000, people)) if line.message}
    assert sent == {(1, Channel.TELEGRAM), (2, Channel.EMAIL)}


def test_single_people_have_exactly_so_many() -> None:
    counts = Counter(read(line).contact for line in lines(6_000, heavy={0: 2_500, 3: 40, 150: 1}))
    assert (counts[1], counts[4], counts[151]) == (2_500, 40, 1)
    assert counts.total() == 6_000


def test_lines_come_in_the_order_of_their_days(told: list[Line]) -> None:
    days = [line.at.date() for line in told if line.kind.status == Status.DELIVERED]
    late = sum(day < previous for previous, day in pairwise(days))
    assert late < len(days) / 50, "a resend or a morning after may come later"


def people_of_default_list(count: int) -> None:
    add_people(count=count, seed=1, now=NOW, report=lambda _added: None)


def add(count: int, **changes: Any) -> None:
    add_events(**{"count": count, "seed": 1, "now": NOW, "report": lambda _added: None, **changes})


def kept() -> list[tuple[Any, ...]]:
    order = "occurred_at", "id"
    fields = "contact__user_id", "contact__email", "occurred_at", "message_id", "channel", "origin", "status", "data"
    return list(Event.objects.order_by(*order).values_list(*fields))


@pytest.mark.django_db
class TestAddEvents:
    def test_contacts_of_the_default_list_get_a_history(self) -> None:
        people_of_default_list(60)
        other = ContactList.objects.create(name="Other")
        stranger = Contact.objects.create(contact_list=other, user_id="1", added_via=Via.HAND, added_at=START)
        reports: list[int] = []
        add(3_000, report=reports.append)
        assert Event.objects.count() == reports[-1] == 3_000
        assert not Event.objects.of_contact(stranger.pk).exists()
        for event in Event.objects.select_related("contact"):
            assert event.contact.added_at - DAY / 86_400 <= event.occurred_at <= NOW

    def test_the_same_seed_gives_the_same_events(self, monkeypatch: pytest.MonkeyPatch) -> None:
        people_of_default_list(30)
        monkeypatch.setattr(happenings, "_last_id", lambda: 0)
        monkeypatch.setattr(happenings, "CHUNK", 300)
        add(1_000)
        first = kept()
        add(1_000)
        twice = kept()
        assert len(first) == 1_000
        assert Counter(map(repr, twice)) == Counter({row: 2 * n for row, n in Counter(map(repr, first)).items()})

    def test_messages_of_another_time_are_other_messages(self) -> None:
        people_of_default_list(30)
        add(500)
        numbers = {row[3] for row in kept() if row[3]}
        add(500, seed=2)
        assert len({row[3] for row in kept() if row[3]}) > len(numbers)
        assert min(numbers) > 10**12

    def test_heavy_contacts_have_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(happenings, "HEAVY", 400)
        people_of_default_list(20)
        add(1_500, heavy=2)
        first, second = Contact.objects.order_by("added_at")[:2]
        assert [Event.objects.of_contact(each.pk).count() for each in (first, second)] == [400, 400]
        assert Event.objects.count() == 1_500

    @pytest.mark.parametrize(
        ("contacts", "count", "heavy", "words"),
        [
            (0, 100, 0, "too few contacts"),
            (1, 100_001, 1, "too few contacts"),
            (1, 200_000, 2, "2 contacts with 100,000 events each are more than 200,000 events of 1"),
            (2, 99_999, 1, "1 contacts with 100,000 events each are more than 99,999 events of 2"),
        ],
    )
    def test_what_cannot_be_is_refused_in_words(self, contacts: int, count: int, heavy: int, words: str) -> None:
        if contacts:
            people_of_default_list(contacts)
        with pytest.raises(TooMany, match=words):
            add(count, heavy=heavy)
        assert not Event.objects.exists()

    def test_all_or_none(self) -> None:
        def interrupt(_added: int) -> None:
            raise KeyboardInterrupt

        people_of_default_list(10)
        with pytest.raises(KeyboardInterrupt):
            add(500, report=interrupt)
        assert not Event.objects.exists()

    def test_an_account_that_is_a_minute_old_has_a_history_too(self) -> None:
        Contact.objects.create(
            contact_list=ContactList.default(), user_id="1", added_via=Via.HAND, added_at=NOW - DAY / 1_440
        )
        add(50)
        assert Event.objects.count() == 50


@pytest.mark.django_db
class TestDemo:
    def test_exemplary_people_have_a_history_that_ends_now(self) -> None:
        assert add_demo(now=NOW)
        told = Event.objects.filter(occurred_at__lte=NOW)  # what messages and segments do comes by itself, later
        for name, number in demo.EVENTS.items():
            contact = Contact.objects.get(phone=name) if name.startswith("+") else Contact.objects.get(user_id=name)
            events = told.of_contact(contact.pk)
            assert events.count() == number, name
            first = events.earliest("occurred_at", "id")
            assert (first.kind.origin, first.occurred_at) == (Origin.ADDED, contact.added_at)
        assert told.count() == DEMO_CROWD + sum(demo.EVENTS.values())
        olena = told.filter(contact__user_id="u-48213")
        assert NOW - olena.latest("occurred_at").occurred_at < DAY
        assert {event.kind.channel for event in olena} == set(Channel)


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("seed", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
class TestCommand:
    def test_contacts_and_their_events_in_one_go(self) -> None:
        said = run("--contacts", "40", "--events", "300", "--now", "2026-11-22")
        assert re.fullmatch(r"Added 40 contacts in .*\nAdded 300 events in \d+\.\d s \([\d,]+ a second\)\.\n", said)
        assert Event.objects.count() == 300

    def test_events_of_contacts_that_are_there(self) -> None:
        people_of_default_list(20)
        assert run("--events", "50").startswith("Added 50 events")
        assert Contact.objects.count() == 20

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--heavy", "1"], "Say what to make"),
            (["--contacts", "5", "--heavy", "1"], "say --events"),
            (["--demo", "--events", "5"], "Say what to make"),
            (["--events", "0"], "not a number from 1"),
            (["--events", "5"], "too few contacts"),
        ],
    )
    def test_arguments_that_make_no_sense_are_refused(self, arguments: list[str], words: str) -> None:
        with pytest.raises(CommandError, match=words):
            run(*arguments)
