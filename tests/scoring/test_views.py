"""The page of rules, their form as plain forms, the parts of a score on a profile, and the base from a file."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activity.catalogue import Status
from config.models import User
from contacts.identity import Invalid
from contacts.scores import score_base
from scoring.demo import add_rules
from scoring.forms import RuleForm
from scoring.models import Rule, Scoring
from segments.conditions import MOST_TIMES
from tests.factories import ContactFactory, EventFactory
from tests.scoring.making import OPENED, each, once, settle

pytestmark = pytest.mark.django_db

LIST = "/contacts/components/scores/"
EACH = {
    "name": "Opens", "gives": "each", "points": "2", "most": "5", "r:join": "all", "r.0:field": "did:email:open",
    "r.0:within": "30",
}  # fmt: skip


def shown(site: Client, address: str, data: dict[str, str] | None = None, *, follow: bool = False) -> str:
    answer = site.post(address, data, follow=follow) if data is not None else site.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_rule_is_made_changed_paused_and_deleted(admin: User, signed_in: Callable[[User], Client]) -> None:
    site = signed_in(admin)
    opened, _other = ContactFactory.create(first_name="Olga"), ContactFactory.create()
    EventFactory.create_batch(7, contact=opened, status=Status.OPEN)
    settle()
    assert "No score rules yet" in shown(site, LIST)

    page = shown(site, f"{LIST}add/", EACH | {"do": "look"})
    assert "1 of 2 sampled contacts" in page
    assert "They get +10 each." in page
    assert "+2 points each time, at most 5: opened an email in the last 30 days" in page
    assert not Rule.objects.exists()
    page = shown(site, f"{LIST}add/", EACH | {"do": "save"}, follow=True)
    assert "The rule is made. Scores follow in a moment." in page
    settle()
    rule = Rule.objects.get()
    assert (rule.points, rule.most, rule.each_time, rule.is_relative) == (2, 5, True, True)

    again = f"{LIST}{rule.pk}/"
    assert "1 of 2 sampled contacts" in shown(site, again)
    page = shown(site, again, EACH | {"points": "0", "name": "", "seen": "1", "do": "save"})
    assert "Nought points change nothing." in page
    assert "Give it a name." in page
    once_only = {"gives": "once", "r.0:field": "firstName", "r.0:op": "is", "r.0:value": "olga", "seen": "1"}
    shown(site, again, EACH | once_only | {"do": "save"}, follow=True)
    rule.refresh_from_db()
    assert (rule.each_time, rule.definition) == (
        False, {"all": [{"field": "firstName", "op": "is", "value": "olga"}]},
    )  # fmt: skip
    assert "Somebody else has changed this rule" in shown(site, again, EACH | {"seen": "1", "do": "save"})

    assert "Paused" in shown(site, f"{again}pausing/", {"do": "pause"}, follow=True)
    assert "In force" in shown(site, f"{again}pausing/", {"do": "resume"}, follow=True)
    assert "Delete" in shown(site, f"{again}delete/")
    shown(site, f"{again}delete/", {}, follow=True)
    assert not Rule.objects.exists()
    log = shown(site, "/activity/log/")
    for words in ("Made a score rule", "Changed a score rule", "Paused", "Resumed", "Deleted a score rule"):
        assert words in log


def test_the_form_offers_what_counts_and_refuses_what_asks_for_the_score(site: Client) -> None:
    page = shown(site, f"{LIST}add/")
    assert 'value="did:email:click"' in page
    assert 'value="firstName"' not in page

    page = shown(site, f"{LIST}add/", EACH | {"gives": "once", "do": "look"})
    assert 'value="firstName"' in page
    assert 'value="contactScore"' not in page
    asked = {"gives": "once", "r.0:field": "contactScore", "r.0:op": "greater", "r.0:value": "1", "do": "save"}
    shown(site, f"{LIST}add/", EACH | asked)
    assert not Rule.objects.exists()


def test_what_cannot_be_counted_each_time_is_not_given_up_unseen(site: Client) -> None:
    rule = once({"field": "firstName", "op": "is", "value": "Olga"}, {**OPENED, "days": 30, "value": 3}, name="Keen")
    sent = EACH | {"name": "Keen", "seen": "1", "r.0:field": "firstName", "r.0:op": "is", "r.0:value": "Olga"}
    sent |= {"r.1:field": "did:email:open", "r.1:op": "at_least", "r.1:times": "3", "r.1:within": "30", "do": "save"}

    page = shown(site, f"{LIST}{rule.pk}/", sent)
    assert "Only one thing can be counted each time." in page
    assert 'value="Olga"' not in page
    rule.refresh_from_db()
    assert not rule.each_time
    page = shown(site, f"{LIST}{rule.pk}/", EACH | {"name": "Keen", "seen": "1", "do": "save"}, follow=True)
    assert "The rule is changed." in page
    rule.refresh_from_db()
    assert rule.each_time


@pytest.mark.parametrize(
    ("more", "is_given_up"),
    [
        ({}, False),
        ({"r.1:field": ""}, False),
        ({"r.0:op": "at_least", "r.0:times": "1"}, False),
        ({"r.0:op": "at_least", "r.0:times": "2"}, True),
        ({"r.0:op": "never"}, True),
        ({"r:join": "not_all"}, True),
        ({"r.1:field": "gone"}, True),
        ({"r.1:join": "any", "r.1.0:field": "firstName"}, True),
        ({"r.0:field": ""}, False),
    ],
)
def test_only_more_than_one_deed_is_given_up(more: dict[str, str], is_given_up: bool) -> None:
    data = QueryDict(mutable=True)
    data.update(EACH | more)
    assert RuleForm(data).has_given_up == is_given_up


def test_what_a_form_does_not_show_cannot_be_wrong(site: Client) -> None:
    sent = {**EACH, "gives": "once", "most": "500", "r.0:field": "active", "r.0:op": "yes"}
    assert 'name="most" value="500"' in shown(site, f"{LIST}add/", sent | {"do": "look"})
    assert "The rule is made." in shown(site, f"{LIST}add/", sent | {"do": "save"}, follow=True)
    assert Rule.objects.get().most == MOST_TIMES


def test_the_list_says_whether_scores_have_followed(site: Client) -> None:
    assert "Being computed for the first time" in shown(site, LIST)
    settle()
    assert "All scores computed" in shown(site, LIST)
    each(OPENED)
    assert "Being computed; last all of them" in shown(site, LIST)


def test_bounds_are_kept_or_refused_in_words(site: Client) -> None:
    assert "less than the least" in shown(site, f"{LIST}bounds/", {"lowest": "5", "highest": "4"})
    shown(site, f"{LIST}bounds/", {"lowest": "0", "highest": ""}, follow=True)
    assert (Scoring.present().lowest, Scoring.present().highest) == (0, None)


def test_a_profile_leads_to_the_parts_of_the_score(site: Client) -> None:
    contact = ContactFactory.create(score_base=7)
    EventFactory.create_batch(2, contact=contact, status=Status.OPEN)
    each({**OPENED, "days": 10}, points=3, name="Opens")
    once({"field": "active", "op": "no"}, name="Silent one")
    settle()
    address = f"{contact.get_absolute_url()}score/"
    assert f'{address}#score" title="How it comes about">13</a>' in shown(site, contact.get_absolute_url())

    with CaptureQueriesContext(connection) as few:
        page = shown(site, address)
    for words in ("Opens", "+6", "Becomes", "Last computed", "Rules that give nothing now", "Silent one"):
        assert words in page
    for number in range(6):
        each(OPENED, name=f"R{number}")
    assert "in a moment the score is 25" in shown(site, address)
    with CaptureQueriesContext(connection) as many:
        shown(site, address)
    assert len(many) <= len(few)


def test_roles_are_those_of_components(support: User, marketer: User, signed_in: Callable[[User], Client]) -> None:
    rule = each(OPENED)
    for user, doors in (
        (support, {LIST: 200, f"{LIST}add/": 403, f"{LIST}{rule.pk}/": 403, f"{LIST}{rule.pk}/delete/": 403}),
        (marketer, {LIST: 200, f"{LIST}add/": 200, f"{LIST}{rule.pk}/": 200, f"{LIST}{rule.pk}/delete/": 403}),
    ):
        site = signed_in(user)
        assert {door: site.get(door).status_code for door in doors} == doors
        assert site.post(f"{LIST}{rule.pk}/pausing/").status_code == (403 if user == support else 302)
        assert LIST in shown(site, "/contacts/components/")


@pytest.mark.parametrize(("text", "base"), [("12", 12), (" −3 ", -3), ("1 000", 1000), ("7.0", 7), ("0", 0)])
def test_a_base_is_a_whole_number(text: str, base: int) -> None:
    assert score_base(text) == base


@pytest.mark.parametrize("text", ["1.5", "many", "1000001", "-1e9"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        score_base(text)


def test_a_crowd_gets_the_rules_that_the_account_can_have_and_once() -> None:
    add_rules(0, timezone.now())
    add_rules(0, timezone.now())

    names = set(Rule.objects.values_list("name", flat=True))
    assert "Opened an email" in names
    assert "Loyal: Gold and Platinum" not in names
