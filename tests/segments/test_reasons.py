"""Why a contact is in a segment, or why not: each condition with what the contact has."""

import datetime

import pytest
from django.db import connection
from django.db.models import Func, TextField, Value
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activity.catalogue import Status
from segments import standing
from segments.conditions import parse
from segments.definitions import Definitions
from segments.evaluation import today
from segments.fields import fields
from segments.lookups import Lookups
from segments.reasons import Reasons
from tests.factories import ContactFactory, EventFactory, VariableFactory
from tests.segments.making import segment, settle

pytestmark = pytest.mark.django_db

OPENED = {"field": "did:email:open", "op": "at_least", "value": 1, "days": 30}


def test_each_condition_says_what_the_contact_has_instead() -> None:
    VariableFactory.create(name="orders", type="number", label="Orders")
    olga = ContactFactory.create(first_name="Olga", variables={"orders": 1500}, birthday=datetime.date(1990, 5, 6))
    EventFactory.create(contact=olga, status=Status.OPEN, occurred_at=timezone.now() - datetime.timedelta(days=41))
    settle()
    definition = {
        "all": [
            OPENED,
            {"field": "firstName", "op": "starts", "value": "ol"},
            {"field": "lastName", "op": "is_not", "value": "Petrenko"},
            {"field": "variable:orders", "op": "less", "value": "1000"},
            {"any": [{"field": "subscription:email", "op": "is", "value": "subscribed"}], "not": True},
            {"field": "birthday", "op": "before", "value": "1990-01-01"},
            {"field": "did:sms:click", "op": "never"},
        ]
    }
    group = parse(definition, fields())

    reason = Reasons(olga, Definitions(today()), [group]).of(group)

    assert not reason.holds
    assert [(each.words, each.value) for each in reason.missing] == [
        ("Opened an email at least once in the last 30 days", "last 41 days ago, 0 times"),
        ("Orders is less than 1000", "1,500"),
        ("Birthday is before 1 January 1990", f"6 May 1990 ({(today() - datetime.date(1990, 5, 6)).days} days ago)"),
    ]
    rest = [(each.words, each.value) for each in reason.members if each.holds]
    assert rest == [
        ("First name starts with “ol”", "Olga"),
        ("Last name is not “Petrenko”", "no value"),
        ("none of these", ""),
        ("Never clicked in an SMS", "never"),
    ]


def test_the_tab_shows_where_the_contact_is_and_why_not_elsewhere(site: Client) -> None:
    olga = ContactFactory.create(first_name="Olga")
    segment({"field": "firstName", "op": "is", "value": "Olga"}, name="Olgas")
    awake = segment(OPENED, name="Awake")
    settle()

    page = site.get(f"/contacts/{olga.pk}/segments/").content.decode()
    assert "Olgas" in page
    assert "First name is “Olga”" in page
    assert "nobody is added or removed by hand" in page
    assert f"?why={awake.pk}" in page

    why = site.get(f"/contacts/{olga.pk}/segments/?why={awake.pk}").content.decode()
    assert "Why not in “Awake”" in why
    assert "Misses:" in why
    assert ">never<" in why
    for odd in ("x", "9" * 30, ""):
        assert site.get(f"/contacts/{olga.pk}/segments/", {"why": odd}).status_code == 200


def test_conditions_may_be_more_than_a_row_has_columns() -> None:
    olga = ContactFactory.create(first_name="Olga")
    names = [{"field": "firstName", "op": "is_not", "value": str(number)} for number in range(1_800)]
    groups = [parse({"all": names[start : start + 200]}, fields()) for start in range(0, 1_800, 200)]

    reasons = Reasons(olga, Definitions(today()), groups)

    assert all(reasons.of(group).holds for group in groups)


def test_what_takes_too_long_to_tell_is_not_told(site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    olga = ContactFactory.create(first_name="Olga")
    segment({"field": "firstName", "op": "is", "value": "Olga"}, name="Olgas")
    settle()
    slow = Func(Value(5), function="pg_sleep", output_field=TextField())
    monkeypatch.setattr(standing, "MILLISECONDS", 50)
    monkeypatch.setattr(Lookups, "value", lambda _self, _key, _kind: slow)

    page = site.get(f"/contacts/{olga.pk}/segments/")

    assert "Olgas" in page.content.decode()
    assert "First name is" not in page.content.decode()


def test_a_contact_of_many_segments_takes_no_more_statements(site: Client) -> None:
    olga = ContactFactory.create(first_name="Olga")
    EventFactory.create(contact=olga)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert site.get(f"/contacts/{olga.pk}/segments/").status_code == 200
        return len(captured)

    segment({"field": "firstName", "op": "set"}, OPENED | {"op": "never"}, name="0")
    settle()
    site.get(f"/contacts/{olga.pk}/segments/")
    few = statements()
    for number in range(1, 6):
        segment({"field": "firstName", "op": "is", "value": "Olga"}, OPENED | {"op": "never"}, name=str(number))
    settle()
    assert statements() <= few
