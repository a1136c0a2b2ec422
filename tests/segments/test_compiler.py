"""A definition asked of the database gives the same contacts as in plain Python, whatever is asked."""

import os
from random import Random

import pytest

from segments.behaviour import feed
from segments.conditions import parse
from segments.definitions import Definitions, everybody
from segments.evaluation import today
from segments.fields import fields
from segments.models import Segment
from tests.segments.reference import Person
from tests.segments.trees import components, condition, people, tree

TREES = int(os.environ.get("SEGMENT_EXAMPLES", "60"))

pytestmark = pytest.mark.django_db


@pytest.fixture
def draw() -> Random:
    return Random(int(os.environ.get("SEGMENT_SEED", "7")))


def test_database_and_python_agree_on_every_field_and_on_random_trees(draw: Random) -> None:
    components()
    people(draw, 30)
    feed()
    inner = parse(tree(draw, fields()), fields())
    segment = Segment.objects.create(name="Inner", definition=inner.as_json(), digest=inner.digest)
    known = fields()
    everyone = [Person(contact, today(), {segment.pk: inner}) for contact in everybody()]
    each_field = [{"all": [condition(draw, field)]} for field in known.values() for _ in range(2)]
    definitions = Definitions(today())

    for asked in [*each_field, *(tree(draw, known) for _ in range(TREES))]:
        group = parse(asked, known)
        found = set(definitions.those_of(group).values_list("pk", flat=True))
        assert found == {each.contact.pk for each in everyone if each.holds(group)}, asked
