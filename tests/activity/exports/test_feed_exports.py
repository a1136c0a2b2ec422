"""A contact's feed as a file, made by workers that may be killed."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from activity import transfers
from activity.audit import Actor
from activity.catalogue import KINDS, Channel, Origin, Status
from activity.events import NewEvent, record_many
from activity.exports import steps
from activity.exports.feed import start_feed_export
from activity.exports.files import finished, growing
from activity.exports.guard import guard
from activity.feed import Filters, Period
from activity.labels import CHANNELS, ORIGINS, STATUSES
from activity.models import AuditEntry, Event, Transfer
from activity.transfer_states import State
from config.models import User
from contacts.models import Contact
from tests.activity.exports.conftest import Rows, rows_in
from tests.factories import ContactFactory
from tests.odd_strings import odd_strings

pytestmark = pytest.mark.django_db

Made = Callable[[Transfer], Rows]
NOON = datetime.datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=datetime.UTC)
EVERYTHING = Filters(period=Period.ALL)
FORMATS = pytest.mark.parametrize("format_", steps.FORMATS)


@pytest.fixture
def olga() -> Contact:
    return ContactFactory.create()


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "MOST_ROWS", 5)


def happened(contact: Contact, count: int, **data: Any) -> None:
    """One event a second, the last at noon; two each have the same time."""
    kind = (Channel.EMAIL, Origin.CAMPAIGN, Status.DELIVERED)
    seconds = (NOON - datetime.timedelta(seconds=(count - n) // 2) for n in range(count))
    record_many(NewEvent(contact.pk, at, *kind, 1000 + n, data) for n, at in enumerate(seconds))


def export(
    contact: Contact, filters: Filters = EVERYTHING, format_: str = "csv", owner: User | None = None
) -> Transfer:
    actor = Actor(user=owner, name="Somebody")
    return start_feed_export(contact.pk, filters=filters, format_=format_, actor=actor)


def column(rows: Rows, head: str) -> list[str]:
    place = rows[0].index(head)
    return [row[place] for row in rows[1:]]


@FORMATS
@pytest.mark.parametrize("oldest_first", [False, True])
def test_every_event_once_in_the_order_of_the_feed(format_: str, oldest_first: bool, olga: Contact, made: Made) -> None:
    happened(olga, 23)
    happened(ContactFactory.create(), 3)
    transfer = export(olga, Filters(period=Period.ALL, oldest_first=oldest_first), format_)
    found = column(made(transfer), "Message ID")
    expected = Event.objects.filter(contact=olga).order_by("occurred_at", "id").values_list("message_id", flat=True)
    assert found == [str(pk) for pk in (expected if oldest_first else reversed(expected))]
    assert transfer.done == transfer.total == transfer.result["rows"] == 23
    assert transfer.result["bytes"] == finished(transfer).stat().st_size
    assert not growing(transfer).exists()


def test_the_filters_in_force(olga: Contact, made: Made) -> None:
    happened(olga, 3)
    record_many([NewEvent(olga.pk, NOON, Channel.SMS, Origin.TRIGGER, Status.CLICK)])
    rows = made(export(olga, Filters(Channel.SMS, period=Period.ALL)))
    assert column(rows, "Channel") == ["SMS"]


def test_the_period_is_that_of_the_moment_it_was_asked_for(olga: Contact, made: Made) -> None:
    now = timezone.now()
    days = (0, 5, 6, 8)
    record_many(
        NewEvent(olga.pk, now - datetime.timedelta(days=n), Channel.SMS, Origin.TRIGGER, Status.CLICK, n) for n in days
    )
    transfer = export(olga, Filters())
    Transfer.objects.filter(pk=transfer.pk).update(created_at=now - datetime.timedelta(days=3))
    assert column(made(transfer), "Message ID") == ["0", "5", "6", "8"]


@FORMATS
def test_every_kind_in_the_words_of_the_page(format_: str, olga: Contact, made: Made) -> None:
    record_many(NewEvent(olga.pk, NOON, *kind) for kind in KINDS)
    rows = made(export(olga, Filters(period=Period.ALL, oldest_first=True), format_))
    words = [[str(CHANNELS[c]), str(ORIGINS[o]), str(STATUSES[s])] for c, o, s in KINDS]
    assert [row[1:4] for row in rows[1:]] == words


@FORMATS
def test_times_are_those_of_the_viewer(format_: str, olga: Contact, made: Made) -> None:
    happened(olga, 1)
    with timezone.override("Europe/Kyiv"):
        transfer = export(olga, format_=format_)
    assert column(made(transfer), "Time (Europe/Kyiv)") == ["2026-11-22 14:00:00"]


def test_a_zone_that_the_database_does_not_know_is_utc(olga: Contact, made: Made) -> None:
    happened(olga, 1)
    with timezone.override(datetime.timezone(datetime.timedelta(hours=2), "Elsewhere/City")):
        transfer = export(olga)
    assert column(made(transfer), "Time (UTC)") == ["2026-11-22 12:00:00"]


def test_what_events_carry_has_columns(olga: Contact, made: Made) -> None:
    happened(olga, 1, title="Autumn", campaign="Sale", tags=["boots", "[new]"], words="550 5.1.1", step=2)
    data = {"name": "purchase", "amount": "-12.5", "currency": "UAH", "colour": "red", "tags": ['a "b"']}
    record_many([NewEvent(olga.pk, NOON, Channel.OTHER, Origin.CUSTOM_CONVERSION, data=data)])
    rows = made(export(olga, Filters(period=Period.ALL, oldest_first=True)))
    expected = {
        "Message or event": ["Autumn", "purchase"],
        "Launched by": ["Sale", ""],
        "Step": ["2", ""],
        "Tags": ["boots, [new]", 'a "b"'],
        "The provider’s words": ["550 5.1.1", ""],
        "Amount": ["", "-12.5"],
        "Currency": ["", "UAH"],
        "Other data": ["", '{"colour": "red"}'],
    }
    assert {head: column(rows, head) for head in expected} == expected


@FORMATS
def test_odd_strings_come_through(format_: str, olga: Contact, made: Made) -> None:
    # PostgreSQL cannot keep the null character, and XML not the two that are none.
    texts = list(filter(None, (re.sub("[\0\ufffe\uffff]", "", text) for text in odd_strings())))
    kind = (Channel.EMAIL, Origin.CAMPAIGN, Status.DELIVERED)
    record_many(NewEvent(olga.pk, NOON, *kind, n, {"title": text, "segment": text}) for n, text in enumerate(texts))
    rows = made(export(olga, Filters(period=Period.ALL, oldest_first=True), format_))
    shown = [guard(text) for text in texts] if format_ == "csv" else texts
    assert column(rows, "Message or event") == column(rows, "Segment") == shown


def test_tags_in_whatever_form_they_come(olga: Contact, made: Made) -> None:
    forms: dict[str, Any] = {
        "": [],
        "boots": ["boots"],
        "boots, sale": ["boots", "sale"],
        "[a], b, ]": ["[a]", "b", "]"],
        'say "hi", back\\slash': ['say "hi"', "back\\slash"],
        "1, 2": [1, 2],
        "plain": "plain",
        '{"1": "x"}': {"1": "x"},
    }
    kind = (Channel.EMAIL, Origin.CAMPAIGN, Status.DELIVERED)
    record_many(NewEvent(olga.pk, NOON, *kind, n, {"tags": tags}) for n, tags in enumerate(forms.values()))
    rows = made(export(olga, Filters(period=Period.ALL, oldest_first=True)))
    assert column(rows, "Tags") == ["[]", *list(forms)[1:]]


@FORMATS
def test_an_empty_feed_is_a_header(format_: str, olga: Contact, made: Made) -> None:
    assert len(made(export(olga, format_=format_))) == 1


def test_a_double_click_makes_one_file(olga: Contact, marketer: User) -> None:
    first = export(olga, owner=marketer)
    assert export(olga, owner=marketer) == first
    assert export(olga, owner=marketer, format_="xlsx") != first
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["activity_export.run"] * 2


def test_its_file_is_named_without_the_person_and_goes_after_7_days(olga: Contact, made: Made) -> None:
    transfer = export(olga)
    made(transfer)
    assert transfer.result_name == f"activity-{timezone.localdate():%Y-%m-%d}-{transfer.pk}.csv"
    assert transfer.expires_at
    left = transfer.expires_at - timezone.now()
    assert datetime.timedelta(days=6, hours=23) < left <= datetime.timedelta(days=7)
    Transfer.objects.filter(pk=transfer.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    transfers.expire()
    assert not (finished(transfer)).exists()


class Killed(BaseException):
    """The worker is gone: nothing of it runs any more."""


def killed_at(monkeypatch: pytest.MonkeyPatch, place: str, call: int) -> None:
    """Kills the worker at a call of one of the functions that the step uses, before it or behind it."""
    name, when = place.split()
    real, calls = getattr(steps, name), 0

    def deadly(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and when == "before":
            raise Killed
        result = real(*args, **options)
        if calls == call:
            raise Killed
        return result

    monkeypatch.setattr(steps, name, deadly)


@FORMATS
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize(
    "place",
    [
        "copy_some before",
        "copy_some behind",
        "sync before",
        "sync behind",
        "publish before",
        "publish behind",
        "_end before",
    ],
)
def test_killed_anywhere_it_ends_as_one_complete_file(
    format_: str, call: int, place: str, olga: Contact, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(olga, 23, title="=1+1")
    transfer = export(olga, format_=format_)
    with monkeypatch.context() as patch:
        killed_at(patch, place, call)
        patch.setattr(transfers, "_give_back", lambda *_args: None)
        for _attempt in range(2):  # the second is killed at its first calls again
            try:
                transfers.run(transfer.pk)
            except Killed:
                Transfer.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    transfer.refresh_from_db()
    rows = rows_in(finished(transfer)) if transfer.state == State.DONE else made(transfer)
    numbers = Event.objects.order_by("-occurred_at", "-id").values_list("message_id", flat=True)
    assert column(rows, "Message ID") == [str(number) for number in numbers]
    assert transfer.result["rows"] == 23


def test_a_worker_that_was_taken_over_writes_into_nothing(
    olga: Contact, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(olga, 23)
    transfer = export(olga)
    with monkeypatch.context() as patch:
        killed_at(patch, "copy_some before", 3)
        patch.setattr(transfers, "_give_back", lambda *_args: None)
        with pytest.raises(Killed):
            transfers.run(transfer.pk)
    with growing(transfer).open("ab") as late:
        Transfer.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
        rows = made(transfer)
        late.write(b"late")
    assert rows_in(finished(transfer)) == rows
    assert len(rows) == 24


def test_where_its_file_has_gone_it_begins_anew(olga: Contact, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    happened(olga, 23)
    transfer = export(olga)
    with monkeypatch.context() as patch:
        killed_at(patch, "copy_some before", 3)
        with pytest.raises(Killed):
            transfers.run(transfer.pk)
    growing(transfer).unlink()
    Transfer.objects.update(due_at=timezone.now())
    assert len(made(transfer)) == 24


def test_cancelled_it_leaves_no_file(olga: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    happened(olga, 23)
    transfer = export(olga)
    real: Callable[..., Any] = getattr(steps, "copy_some")  # noqa: B009 - it is not the module's own

    def cancelling(*args: Any, **options: Any) -> Any:
        Transfer.objects.update(cancel_requested=True)
        return real(*args, **options)

    monkeypatch.setattr(steps, "copy_some", cancelling)
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    assert transfer.state == State.CANCELLED
    assert list(transfer.path.iterdir()) == []


def test_after_an_error_it_can_be_tried_again(olga: Contact, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    happened(olga, 23)
    transfer = export(olga)

    def broken(*_args: Any, **_options: Any) -> None:
        raise transfers.Refused("No.")

    with monkeypatch.context() as patch:
        patch.setattr(steps, "copy_some", broken)
        transfers.run(transfer.pk)
    transfer.refresh_from_db()
    assert transfer.state == State.FAILED
    transfers.retry(transfer, actor=Actor())
    assert len(made(transfer)) == 24
