"""Scores are what rules make of rows and events, after any sequence of changes; and whoever asks for them follows."""

import datetime
import os
import threading
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from activity.audit import Actor
from activity.catalogue import Channel, Origin, Status
from activity.events import NewEvent, record_many
from contacts.erasure.erase import erase
from contacts.models import Contact, Via
from contacts.scores import set_base
from scoring import keeping
from scoring.keeping import look_at_pending, note, recompute, renew, walk
from scoring.models import Pending, Rule, Scoring
from scoring.rules import SCORE
from scoring.standing import standing
from scoring.writing import change, create, delete, pause, resume, set_bounds
from segments import writing as segments
from segments.behaviour import rebuild
from segments.conditions import MOST_TIMES
from segments.evaluation import today
from segments.fields import fields
from segments.foresight import moves
from segments.kinds import Field, Kind
from tests.factories import ContactFactory, ContactListFactory
from tests.scoring.making import OPENED, Expected, each, once, score_of, settle
from tests.segments.making import members, segment
from tests.segments.trees import components, condition, events, people, tree

pytestmark = pytest.mark.django_db

ROUNDS = int(os.environ.get("SCORING_EXAMPLES", "4"))


def random_rule(draw: Random, known: dict[str, Field], name: str) -> Rule:
    """Of any kind: of a segment too, of events with origins, campaigns and data."""
    points, most = draw.choice([-7, -1, 1, 2, 30]), draw.choice([1, 3, MOST_TIMES])
    if draw.random() < 0.5:
        deed = draw.choice([field for field in known.values() if field.kind is Kind.DEED and "email" in field.key])
        return each(condition(draw, deed) | {"op": "at_least", "value": 1}, points=points, most=most, name=name)
    definition = tree(draw, known, count=2)
    return create(name=name, definition=definition, each_time=False, points=points, most=most, actor=Actor())


def test_scores_are_what_plain_python_makes_of_all_events_after_any_changes() -> None:
    draw = Random(int(os.environ.get("SCORING_SEED", "5")))
    components()
    contacts = people(draw, 12)
    segments.create(name="Inner", definition=tree(draw, {"active": fields()["active"]}), actor=Actor())
    known = {key: field for key, field in fields().items() if key != SCORE}
    rules = [random_rule(draw, known, f"R{number}") for number in range(8)]
    settle()
    for number in range(ROUNDS):
        some = draw.sample(contacts, 5)
        match draw.randint(0, 5):
            case 0:
                events(draw, some, 20)
            case 1:
                Contact.objects.filter(pk__in=[each.pk for each in some]).update(
                    is_active=draw.random() < 0.5, score_base=draw.randint(-50, 50), first_name="Kyiv"
                )
            case 2:
                some[0].subscriptions.update(state=draw.choice((1, 2)), since=timezone.now())
            case 3:
                rules.append(random_rule(draw, known, f"S{number}"))
            case 4:
                (pause if (rule := draw.choice(rules)).archived_at is None else resume)(rule=rule, actor=Actor())
                rule.refresh_from_db()
            case _:
                contacts.append(ContactFactory.create(score_base=4))
                set_bounds(lowest=draw.choice([None, -5]), highest=draw.choice([None, 40]), actor=Actor())
        settle()
        everybody, expected = Contact.objects.all(), Expected()
        assert {each.pk: each.score for each in everybody} == {each.pk: expected.of(each)[0] for each in everybody}

    assert recompute() == 0
    assert not Pending.objects.exists()
    for contact in draw.sample(contacts, 4):
        contact.refresh_from_db()
        found = standing(contact)
        assert found is not None
        assert {part.name: part.times for part in (*found.giving, *found.silent)} == expected.of(contact)[1]
        assert found.total == contact.score


def test_points_go_once_what_gave_them_is_too_long_ago_and_the_profile_says_when() -> None:
    contact, now = ContactFactory.create(score_base=100), timezone.now()
    opened = (Channel.EMAIL, Origin.CAMPAIGN, Status.OPEN)
    record_many(NewEvent(contact.pk, now - datetime.timedelta(days=days), *opened) for days in (9, 9, 4, 1, 1, 40))
    each({**OPENED, "days": 10}, points=2, most=4, name="Plain")
    each({**OPENED, "days": 10, "origin": "campaign"}, points=3, name="By events")
    settle()

    for day in (0, 2, 5, 8, 11):
        at = today() + datetime.timedelta(days=day)
        found = standing(contact, as_of=at)
        assert found is not None
        for part in found.giving:
            assert part.until is not None
            later = standing(contact, as_of=part.until)
            before = standing(contact, as_of=part.until - datetime.timedelta(days=1))
            assert before is not None
            assert later is not None
            assert part in before.giving
            names = {each.name: each.points for each in later.giving}
            assert names.get(part.name, 0) == part.left
        while walk(as_of=at):
            pass
        assert score_of(contact) == found.total == Expected(at).of(contact)[0]
    assert score_of(contact) == 100


def test_all_are_computed_anew_when_rules_change_or_a_day_matters_and_else_never() -> None:
    contact = ContactFactory.create(first_name="Kyiv")
    rule = once({"field": "firstName", "op": "is", "value": "Kyiv"}, points=5)
    settle()
    done = Scoring.present()
    tomorrow = today() + datetime.timedelta(days=1)

    walk(as_of=tomorrow)
    assert Scoring.present().finished_at == done.finished_at
    same: dict[str, Any] = {"each_time": False, "definition": rule.definition, "actor": Actor()}

    change(rule=rule, seen=1, name="Renamed", points=5, most=MOST_TIMES, **same)
    assert not walk()
    change(rule=rule, seen=2, name="R", points=7, most=MOST_TIMES, **same)
    settle()
    assert score_of(contact) == 7
    pause(rule=rule, actor=Actor())
    settle()
    assert score_of(contact) == 0
    resume(rule=rule, actor=Actor())
    each({**OPENED, "days": 3}, name="By days")
    settle()
    assert score_of(contact) == 7
    done = Scoring.present()
    walk(as_of=tomorrow)
    assert Scoring.present().key != done.key
    delete(rule=rule, actor=Actor())
    settle()
    assert score_of(contact) == 0


def test_who_has_changed_is_looked_at_for_no_longer_than_asked_for() -> None:
    note([each.pk for each in ContactFactory.create_batch(3)])

    assert look_at_pending(until=0, batch=1) == 1
    assert look_at_pending(batch=1) == 2


def test_a_renewal_that_comes_while_all_are_computed_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    contact, _other = ContactFactory.create(), ContactFactory.create()
    once({"field": "active", "op": "yes"}, points=4)
    monkeypatch.setattr(keeping, "BATCH", 1)
    step, steps = keeping._step, []

    def step_and_meanwhile(batch: int, day: datetime.date) -> tuple[bool, int]:
        found = step(batch, day)
        steps.append(found)
        if len(steps) == 1:
            # Behind our back, and told of; a worker begins anew at once.
            Contact.objects.filter(pk=contact.pk).update(score=77)
            renew()
            step(1, day)
        return found

    monkeypatch.setattr(keeping, "_step", step_and_meanwhile)
    recompute()

    assert score_of(contact) == 4
    assert not walk()


@pytest.mark.django_db(transaction=True)
def test_nobody_is_waited_for_and_who_is_held_is_looked_at_again_later() -> None:
    held, free = ContactFactory.create(), ContactFactory.create()
    once({"field": "active", "op": "yes"}, points=4)
    locked, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Contact.objects.select_for_update(no_key=True).get(pk=held.pk)
            locked.set()
            go_on.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    settle()
    before = score_of(held), score_of(free)
    go_on.set()
    holder.join()
    settle()

    assert before == (0, 4)
    assert score_of(held) == 4


def test_segments_that_ask_for_the_score_follow_and_an_edit_foresees_it() -> None:
    contact = ContactFactory.create(first_name="Lviv")
    once({"field": "firstName", "op": "is", "value": "Kyiv"}, points=50)
    hot = segment({"field": SCORE, "op": "greater", "value": "40"}, name="Hot")
    settle()
    assert members(hot) == set()

    told = moves(contact, lambda: Contact.objects.filter(pk=contact.pk).update(first_name="Kyiv"))
    assert told == ["Would enter: “Hot”."]
    Contact.objects.filter(pk=contact.pk).update(first_name="Kyiv")
    settle()

    assert members(hot) == {contact.pk}


def test_a_rule_of_a_segment_follows_its_definition() -> None:
    contact = ContactFactory.create(first_name="Kyiv")
    inner = segment({"field": "firstName", "op": "is", "value": "Lviv"}, name="Inner")
    once({"field": "segment", "op": "member", "value": str(inner.pk)}, points=9)
    settle()
    assert score_of(contact) == 0

    definition = {"all": [{"field": "firstName", "op": "is", "value": "Kyiv"}]}
    segments.change(segment=inner, name="Inner", definition=definition, seen=1, actor=Actor())
    settle()

    assert score_of(contact) == 9


def test_the_base_comes_from_the_api_and_the_score_follows() -> None:
    contact, other = ContactFactory.create(), ContactFactory.create(contact_list=ContactListFactory.create())
    settle()

    assert set_base(contact, base=30, via=Via.API, actor=Actor(name="key"))
    assert not set_base(contact, base=30, via=Via.API, actor=Actor(name="key"))
    set_base(other, base=30, via=Via.API, actor=Actor(name="key"))
    settle()

    assert score_of(contact) == 30
    assert contact.updated_via == Via.API
    # Whoever has no profile has no score of rules.
    assert score_of(other) == 0
    with pytest.raises(ValueError, match="1000001"):
        set_base(contact, base=1_000_001, via=Via.API, actor=Actor())


def test_after_behaviour_has_been_rebuilt_all_scores_are_computed_anew() -> None:
    contact = ContactFactory.create()
    each(OPENED, points=4)
    settle()
    Contact.objects.update(score=77)
    Pending.objects.all().delete()

    rebuild()
    while walk():
        pass

    assert score_of(contact) == 0


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_of_who_is_erased() -> None:
    contact = ContactFactory.create(score_base=3)
    settle()
    set_base(contact, base=5, via=Via.API, actor=Actor())

    erase([contact.pk], actor=Actor())
    settle()

    assert not Contact.objects.exists()
    assert not Pending.objects.exists()
    assert look_at_pending() == 0
