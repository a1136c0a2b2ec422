"""Definitions are read whole or refused with every mistake, each at its place."""

from typing import Any

import pytest

from segments.conditions import MOST_CONDITIONS, Wrong, parse
from segments.kinds import Field, Kind

FIELDS = {
    field.key: field
    for field in (
        Field("firstName", "First name", "", Kind.TEXT),
        Field("orders", "Orders", "", Kind.NUMBER),
        Field("birthday", "Birthday", "", Kind.DATE),
        Field("language", "Language", "", Kind.CHOICE, (("uk", "Ukrainian"),)),
        Field("active", "Active", "", Kind.FACT),
        Field("did:email:open", "Email: Open", "", Kind.DEED, by_message=True),
        Field("did:other:custom-event", "any custom event", "", Kind.DEED),
    )
}
NAME = {"field": "firstName", "op": "is", "value": "Olga"}


@pytest.mark.parametrize(
    "condition",
    [
        NAME,
        {"field": "firstName", "op": "any_of", "value": ["Olga", "Ольга"]},
        {"field": "firstName", "op": "unset"},
        {"field": "orders", "op": "between", "value": ["-1.5", "20"]},
        {"field": "birthday", "op": "anniversary", "value": 3},
        {"field": "birthday", "op": "between", "value": ["1990-01-01", "1999-12-31"]},
        {"field": "language", "op": "is", "value": "uk"},
        {"field": "active", "op": "no"},
        {
            "field": "did:email:open",
            "op": "at_least",
            "value": 3,
            "days": 30,
            "origin": "campaign",
            "campaign": "Autumn",
        },
        {"field": "did:other:custom-event", "op": "never", "days": 7, "data": {"name": "plan", "value": "b"}},
    ],
)
def test_what_is_read_is_written_the_same(condition: dict[str, Any]) -> None:
    tree = {"any": [condition, {"all": [NAME, {"any": [NAME]}], "not": True}]}

    read = parse(tree, FIELDS)

    assert read.as_json() == tree
    assert parse(read.as_json(), FIELDS).digest == read.digest


def test_numbers_and_texts_take_their_normal_form() -> None:
    tree = {"all": [{"field": "orders", "op": "is", "value": 2.50}, {"field": "firstName", "op": "is", "value": " A "}]}

    assert [each.values for each in parse(tree, FIELDS).conditions()] == [("2.5",), ("A",)]


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ({"field": "shoeSize", "op": "is", "value": "1"}, "field"),
        ({"op": "is", "value": "1"}, "field"),
        ({"field": ["firstName"], "op": "is", "value": "1"}, "field"),
        ({"field": "firstName", "op": "greater", "value": "1"}, "op"),
        ({"field": "firstName", "op": "is"}, "value"),
        ({"field": "firstName", "op": "is", "value": "  "}, "value"),
        ({"field": "firstName", "op": "is", "value": {"$ne": 1}}, "value"),
        ({"field": "firstName", "op": "is", "value": "a\0b"}, "value"),
        ({"field": "firstName", "op": "is", "value": "\ud83d"}, "value"),
        ({"field": "firstName", "op": "is", "value": "x" * 501}, "value"),
        ({"field": "firstName", "op": "any_of", "value": []}, "value"),
        ({"field": "firstName", "op": "any_of", "value": ["a", ""]}, "value[1]"),
        ({"field": "firstName", "op": "is", "value": "a", "days": 3}, "days"),
        ({"field": "orders", "op": "is", "value": "many"}, "value"),
        ({"field": "orders", "op": "is", "value": "NaN"}, "value"),
        ({"field": "orders", "op": "is", "value": "1e999"}, "value"),
        ({"field": "orders", "op": "is", "value": True}, "value"),
        ({"field": "orders", "op": "between", "value": ["2", "1"]}, "value"),
        ({"field": "orders", "op": "between", "value": ["10"]}, "value"),
        ({"field": "birthday", "op": "is", "value": "2023-02-30"}, "value"),
        ({"field": "birthday", "op": "in_last", "value": -1}, "value"),
        ({"field": "birthday", "op": "in_last", "value": "٣"}, "value"),
        ({"field": "birthday", "op": "in_last", "value": 99999}, "value"),
        ({"field": "language", "op": "is", "value": "tlh"}, "value"),
        ({"field": "did:email:open", "op": "at_least", "value": 0}, "value"),
        ({"field": "did:email:open", "op": "at_least", "value": 101}, "value"),
        ({"field": "did:email:open", "op": "at_most", "value": 100}, "value"),
        ({"field": "did:email:open", "op": "never", "days": "soon"}, "days"),
        ({"field": "did:email:open", "op": "never", "origin": "pigeon"}, "origin"),
        ({"field": "did:other:custom-event", "op": "never", "origin": "campaign"}, "origin"),
        ({"field": "did:email:open", "op": "never", "data": {"name": "plan"}}, "data"),
        ({"field": "did:email:open", "op": "never", "data": {"name": "plan", "value": ""}}, "data.value"),
        ("firstName is Olga", ""),
        (None, ""),
    ],
)
def test_a_mistake_has_its_path(condition: Any, place: str) -> None:
    with pytest.raises(Wrong) as wrong:
        parse({"all": [NAME, {"any": [condition]}]}, FIELDS)

    assert [mistake.path for mistake in wrong.value.mistakes] == [".".join(filter(None, ("all[1].any[0]", place)))]


def test_every_mistake_is_told() -> None:
    with pytest.raises(Wrong) as wrong:
        parse({"all": [{"field": "x"}, {"any": []}, NAME, {"field": "orders", "op": "is"}]}, FIELDS)

    assert [mistake.path for mistake in wrong.value.mistakes] == ["all[0].field", "all[1]", "all[3].value"]


def nested(depth: int) -> dict[str, Any]:
    tree: dict[str, Any] = {"all": [NAME]}
    for _ in range(depth):
        tree = {"any": [tree]}
    return tree


@pytest.mark.parametrize(
    "tree",
    [
        {"all": []},
        {},
        [],
        "all",
        {"all": [NAME], "any": [NAME]},
        {"all": [NAME], "not": "yes"},
        {"all": NAME},
        nested(3),
        nested(5_000),
        {"all": [NAME] * (MOST_CONDITIONS + 1)},
        {"all": [{"any": [NAME] * 100}] * 10},
    ],
)
def test_what_is_no_definition_is_refused_in_words(tree: Any) -> None:
    with pytest.raises(Wrong, match=r"\w"):
        parse(tree, FIELDS)


def test_what_has_gone_from_the_choices_is_passed_over_in_a_kept_definition() -> None:
    tree = {"all": [{"field": "language", "op": "is", "value": "ka"}]}

    assert parse(tree, FIELDS, is_kept=True).as_json() == tree
    with pytest.raises(Wrong):
        parse({"all": [{"field": "gone", "op": "set"}]}, FIELDS, is_kept=True)
