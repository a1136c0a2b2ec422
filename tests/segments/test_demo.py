"""The demo account and made-up crowds come with segments."""

import pytest
from django.utils import timezone

from contacts.models import VariableDefinition
from contacts.seeding.account import define_variables, furnish, register_sources
from segments.demo import add_demo_segments, add_segments
from segments.models import Segment, Size, State
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


def test_the_demo_has_some_of_which_all_have_been_counted() -> None:
    register_sources()
    furnish()
    define_variables()
    ContactFactory.create()

    add_demo_segments(timezone.now())

    assert Segment.objects.count() == 7
    assert set(Segment.objects.values_list("state", flat=True)) == {State.FRESH}
    assert Segment.objects.get(name="New in 75 days").size == 1
    assert Size.objects.filter(segment=Segment.objects.first()).count() > 10


def test_a_crowd_gets_those_that_the_account_can_have_and_once() -> None:
    VariableDefinition.objects.create(name="orders", type="string")

    add_segments(0, timezone.now())
    add_segments(0, timezone.now())

    names = set(Segment.objects.values_list("name", flat=True))
    assert "New in 75 days" in names
    assert "Loyal: Gold and Platinum" not in names
