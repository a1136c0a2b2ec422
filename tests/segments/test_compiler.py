"""A definition asked of the database gives the same contacts as in plain Python, whatever is asked."""

import os
from random import Random

import pytest
from django.db import connection
from pytest_django import Settings

from segments.behaviour import feed
from segments.conditions import parse
from segments.definitions import Definitions, everybody
from segments.evaluation import today
from segments.fields import fields
from segments.lookups import SharedLookups
from segments.models import Segment
from tests.segments.reference import Person
from tests.segments.trees import components, condition, people, tree

TREES = int(os.environ.get("SEGMENT_EXAMPLES", "60"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw() -> Random:
    return Random(int(os.environ.get("SEGMENT_SEED", "7")))


def test_database_and_python_agree_on_every_field_and_on_random_trees(draw: Random, settings: Settings) -> None:
    # Fourteen hours ahead of the database's own days.
    settings.TIME_ZONE = "Pacific/Kiritimati"
    components()
    people(draw, 30)
    feed()
    inner = parse(tree(draw, fields()), fields())
    segment = Segment.objects.create(name="Inner", definition=inner.as_json(), digest=inner.digest)
    known = fields()
    everyone = [Person(contact, today(), {segment.pk: inner}) for contact in everybody()]
    each_field = [{"all": [condition(draw, field)]} for field in known.values() for _ in range(2)]
    definitions = Definitions(today())

    trees = [*each_field, *(tree(draw, known) for _ in range(TREES))]
    groups = dict(enumerate(parse(asked, known) for asked in trees))

    shared = SharedLookups()
    conditions = {number: definitions.compiled(group, shared) for number, group in groups.items()}
    with connection.cursor() as cursor:
        cursor.execute(shared.statement(conditions, everybody().query, "true"))
        at_once = {(contact, number) for contact, numbers in cursor.fetchall() for number in numbers}
    for number, group in groups.items():
        found = set(definitions.those_of(group).values_list("pk", flat=True))
        assert found == {each.contact.pk for each in everyone if each.holds(group)}, trees[number]
        assert found == {contact for contact, other in at_once if other == number}, trees[number]
