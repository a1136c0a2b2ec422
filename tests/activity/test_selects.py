"""Our drop-down lists say what Django's own would."""

import pytest
from django import forms
from django.test.html import Element, parse_html

from activity.selects import Select

CHOICES = [("", "Any"), (1, "One <b>"), ("x\"'&", "Odd & even"), ("Group >", [("a", "A"), ("b", "B")])]


def html(widget: type[forms.Select], value: object, **attrs: object) -> Element:
    return parse_html(widget(attrs={"class": "wide"}, choices=CHOICES).render("choice", value, attrs))


@pytest.mark.parametrize("value", ["", None, 1, "1", "x\"'&", "b", "unknown", ["a"]])
def test_they_are_the_same(value: object) -> None:
    assert html(Select, value, id="id_choice", required=True) == html(
        forms.Select, value, id="id_choice", required=True
    )
