"""Definitions in plain words, for the whole catalogue."""

from typing import Any

import pytest

from activity.models import CustomEventType
from segments.conditions import parse
from segments.fields import deed_words, deeds, fields
from segments.wording import sentence

pytestmark = pytest.mark.django_db


def words(*conditions: dict[str, Any], **more: Any) -> str:
    return sentence(parse({"all": list(conditions), **more}, fields()))


def test_all_that_contacts_can_do_has_phrases_of_its_own() -> None:
    said = [deed_words(deed) for deed in deeds().values()]

    assert all(did and did_not and did != did_not for did, did_not in said)
    assert len({did for did, _did_not in said}) == len({did_not for _did, did_not in said}) == len(said)


OPENED, CLICKED = {"field": "did:email:open"}, {"field": "did:viber:click"}
VIEWED = {"field": "did:other:custom-event:viewed"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (OPENED | {"op": "at_least", "value": 1, "days": 30}, "Opened an email at least once in the last 30 days"),
        (OPENED | {"op": "never", "days": 1}, "Did not open an email in the last 1 day"),
        (CLICKED | {"op": "at_most", "value": 3, "days": 0}, "Clicked in a Viber message at most 3 times today"),
        ({"field": "active", "op": "no"}, "Is not active"),
        ({"field": "receives:email", "op": "yes"}, "Can receive Email"),
        ({"field": "blacklist:email", "op": "no"}, "Is not on the Email Black List"),
        ({"field": "did:sms:delivered", "op": "never"}, "Never received an SMS"),
        ({"field": "did:email:unsubscribed", "op": "at_least", "value": 1}, "Unsubscribed from emails at least once"),
        (VIEWED | {"op": "never", "days": 7}, "Did not do “viewed” in the last 7 days"),
        (
            OPENED | {"op": "at_least", "value": 2, "origin": "trigger", "campaign": "Spring"},
            "Opened an email at least 2 times, launched by: Trigger, of the campaign “Spring”",
        ),
    ],
)
def test_what_was_done_and_what_was_not(asked: dict[str, Any], expected: str) -> None:
    CustomEventType.objects.create(name="viewed", is_conversion=False)
    assert words(asked) == expected
