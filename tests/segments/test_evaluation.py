"""Members are those for whom the definition holds; each move has its event, and each segment its count."""

import datetime
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from activity.audit import Actor
from activity.catalogue import Channel, Origin
from activity.models import Event
from contacts.erasure.erase import erase
from contacts.models import Contact, VariableDefinition
from contacts.querysets import ContactQuerySet
from segments import evaluation
from segments.changes import look_at_changed
from segments.evaluation import evaluate, evaluate_next, today
from segments.fields import fields
from segments.keeping import turn_day
from segments.models import Change, Segment, Size, State
from segments.writing import archive, change, create, restore
from tests.factories import ContactFactory, ContactListFactory
from tests.segments.making import members, segment, settle
from tests.segments.trees import components, events, people, tree

pytestmark = pytest.mark.django_db

KYIV = {"field": "firstName", "op": "is", "value": "Kyiv"}


def moves() -> list[tuple[int, int, str]]:
    both = [Origin.ADDED_TO_SEGMENT, Origin.DROPPED_FROM_SEGMENT]
    rows = Event.objects.filter(channel=Channel.CONTACT, origin__in=both)
    return [(row.contact_id, row.origin, row.data["segment"]) for row in rows.order_by("id")]


def test_a_new_segment_takes_in_whom_it_holds_for_with_events_count_and_trend() -> None:
    olga, _ivan = ContactFactory.create(first_name="kyiv"), ContactFactory.create(first_name="Lviv")
    ContactFactory.create(first_name="Kyiv", contact_list=ContactListFactory.create())
    made = segment(KYIV, name="Of Kyiv")

    settle()

    made.refresh_from_db()
    assert members(made) == {olga.pk}
    assert (made.size, made.state, made.due_at) == (1, State.FRESH, None)
    assert moves() == [(olga.pk, Origin.ADDED_TO_SEGMENT, "Of Kyiv")]
    assert list(Size.objects.values_list("segment", "day", "size")) == [(made.pk, today(), 1)]


def test_who_changes_enters_or_leaves_and_nobody_else_is_touched() -> None:
    olga, ivan = ContactFactory.create(first_name="Kyiv"), ContactFactory.create(first_name="Lviv")
    made = segment(KYIV)
    settle()

    Contact.objects.filter(pk=olga.pk).update(first_name="Lviv")
    Contact.objects.filter(pk=ivan.pk).update(first_name="Kyiv")
    assert look_at_changed() == 2
    assert look_at_changed() == 0

    made.refresh_from_db()
    assert members(made) == {ivan.pk}
    assert made.size == 1
    assert set(moves()[1:]) == {(ivan.pk, Origin.ADDED_TO_SEGMENT, "S"), (olga.pk, Origin.DROPPED_FROM_SEGMENT, "S")}


def test_looking_at_the_changed_gives_what_evaluating_all_would() -> None:
    """After any sequence of changes, of definitions that ask for everything there is to ask for."""
    draw = Random(11)
    components()
    contacts = people(draw, 25)
    made = []
    for number in range(12):
        definition = tree(draw, fields(), count=3)
        made.append(create(name=f"S{number}", definition=definition, actor=Actor()))
    settle()
    for _ in range(6):
        some = draw.sample(contacts, 5)
        match draw.randint(0, 3):
            case 0:
                events(draw, some, 20)
            case 1:
                Contact.objects.filter(pk__in=[each.pk for each in some]).update(
                    is_active=draw.random() < 0.5, score=draw.randint(-3, 8), first_name=draw.choice(("Kyiv", "50%"))
                )
            case 2:
                some[0].subscriptions.update(state=draw.choice((1, 2)), since=timezone.now())
            case _:
                contacts += [ContactFactory.create(first_name="Kyiv") for _ in range(3)]
        settle()

    kept = {each.pk: members(each) for each in made}
    sizes = dict(Segment.objects.values_list("pk", "size"))
    Segment.objects.update(due_at=timezone.now())
    while evaluate_next():
        pass

    assert kept == {each.pk: members(each) for each in made}
    assert sizes == dict(Segment.objects.values_list("pk", "size")) == {pk: len(ids) for pk, ids in kept.items()}
    assert Change.objects.count() == 0
    there: dict[tuple[int, str], int] = {}
    for contact, origin, name in moves():
        step = 1 if origin == Origin.ADDED_TO_SEGMENT else -1
        there[contact, name] = there.get((contact, name), 0) + step
        assert there[contact, name] in (0, 1), "nobody is added twice, or dropped who was not there"
    assert {pair for pair, count in there.items() if count} == {
        (contact, each.name) for each in made for contact in kept[each.pk]
    }


def test_a_segment_of_a_segment_follows_it() -> None:
    olga = ContactFactory.create(first_name="Kyiv")
    inner = segment(KYIV, name="Inner")
    outer = segment({"field": "segment", "op": "not_member", "value": str(inner.pk)}, name="Outer")
    settle()
    assert members(outer) == set()

    change(segment=inner, name="Inner", definition={"all": [{**KYIV, "value": "Lviv"}]}, seen=1, actor=Actor())
    settle()
    assert members(outer) == {olga.pk}

    Contact.objects.filter(pk=olga.pk).update(first_name="Lviv")
    settle()
    assert (members(inner), members(outer)) == ({olga.pk}, set())


def test_everybody_leaves_an_archived_one_and_comes_back() -> None:
    olga = ContactFactory.create(first_name="Kyiv")
    made = segment(KYIV)
    settle()

    archive(segment=made, actor=Actor())
    settle()
    assert members(made) == set()

    restore(segment=made, actor=Actor())
    settle()
    assert members(made) == {olga.pk}
    assert [origin for _contact, origin, _name in moves()] == [22, 23, 22]


def test_what_changes_as_days_go_by_is_evaluated_once_a_day() -> None:
    now = timezone.now()
    ContactFactory.create(added_at=now - datetime.timedelta(days=2))
    made = segment({"field": "addedAt", "op": "in_last", "value": 2})
    outer = segment({"field": "segment", "op": "member", "value": str(made.pk)}, name="Outer")
    still = segment(KYIV, name="Still")
    turn_day(today())
    settle()
    assert len(members(made)) == 1
    tomorrow = today() + datetime.timedelta(days=1)

    assert turn_day(tomorrow)
    assert not turn_day(tomorrow)
    assert set(Segment.objects.due(timezone.now())) == {made, outer}
    assert evaluate(made.pk, as_of=tomorrow)
    assert evaluate(outer.pk, as_of=tomorrow)

    assert (members(made), members(outer), still.due_at is None) == (set(), set(), False)


def test_one_that_takes_too_long_says_so_and_keeps_its_members() -> None:
    olga = ContactFactory.create(first_name="Kyiv")
    made = segment(KYIV)
    settle()
    Segment.objects.update(due_at=timezone.now())
    with connection.cursor() as cursor:  # stands in for a definition that is slow
        body = "BEGIN PERFORM pg_sleep(5); RETURN NULL; END"
        cursor.execute(f"CREATE FUNCTION pg_temp.wait() RETURNS trigger AS '{body}' LANGUAGE plpgsql")
        cursor.execute("CREATE TRIGGER slow AFTER DELETE ON segments_membership EXECUTE FUNCTION pg_temp.wait()")

    assert evaluate(made.pk, budget=datetime.timedelta(milliseconds=300))

    made.refresh_from_db()
    assert made.state == State.LATE
    assert "given up" in made.problem
    assert made.due_at
    assert made.due_at > timezone.now()
    assert members(made) == {olga.pk}


def test_one_whose_variable_has_gone_says_so() -> None:
    VariableDefinition.objects.create(name="city", type="string")
    made = segment({"field": "variable:city", "op": "set"})
    settle()
    VariableDefinition.objects.all().delete()
    ContactFactory.create()

    settle()

    made.refresh_from_db()
    assert made.state == State.BROKEN
    assert "variable:city" in made.problem


def test_sizes_follow_an_erasure_and_what_was_wrong_is_put_right() -> None:
    olga, _ivan = ContactFactory.create(first_name="Kyiv"), ContactFactory.create(first_name="Kyiv")
    made = segment(KYIV)
    settle()

    erase([olga.pk], actor=Actor())

    assert list(Segment.objects.values_list("size", flat=True)) == [1]
    assert list(Size.objects.values_list("size", flat=True)) == [1]
    Segment.objects.update(size=7, due_at=timezone.now())
    assert evaluate(made.pk)
    assert list(Segment.objects.values_list("size", flat=True)) == [1]


@pytest.mark.parametrize("meanwhile", [{"version": 2}, {"due_at": timezone.now() - datetime.timedelta(minutes=1)}])
def test_what_comes_meanwhile_leaves_it_due(monkeypatch: pytest.MonkeyPatch, meanwhile: dict[str, Any]) -> None:
    """An edit, or one of a segment that it asks for, or the turn of a day."""
    made = segment(KYIV)
    evaluated = evaluation.apply_target

    def and_then_edited(pk: int, target: ContactQuerySet, day: datetime.date) -> tuple[int, int]:
        Segment.objects.update(**meanwhile)
        return evaluated(pk, target, day)

    monkeypatch.setattr(evaluation, "apply_target", and_then_edited)

    assert evaluate(made.pk)

    made.refresh_from_db()
    assert (made.state, made.due_at is None) == (State.DUE, False)
