"""Liquid in messages: what it makes of values, what it refuses and in which words, and that nothing keeps it busy."""

import datetime
import os
import time
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.content.content import ContentRefused
from messaging.content.language import FILTERS
from messaging.content.personalising import personalised
from messaging.content.values import for_liquid
from tests.odd_strings import odd_strings

VALUES = {
    "firstName": "Ol<b>ena",
    "city": None,
    "size": 3,
    "price": for_liquid(Decimal("10.50")),
    "born": datetime.date(1991, 8, 24),
    "vip": True,
    "big": "a" * 1_000_000,
}
EXAMPLES = int(os.environ.get("CONTENT_EXAMPLES", "60"))
# A bomb is refused, or done, well before a worker would be missed.
MOST_SECONDS = 8


@pytest.mark.parametrize(
    ("source", "plain", "html"),
    [
        ("Hi {{ firstName }}", "Hi Ol<b>ena", "Hi Ol&lt;b&gt;ena"),
        ('{{ city | default: "<i>you" }}', "<i>you", "<i>you"),
        ("{% if city %}a{% else %}b{% endif %}", "b", "b"),
        ('{{ firstName | append: "<i>" | upcase }}', "OL<B>ENA<I>", "OL&LT;B&GT;ENA<I>"),
        ("{% capture x %}<i>{{ firstName }}{% endcapture %}{{ x }}", "<i>Ol<b>ena", "<i>Ol&lt;b&gt;ena"),
        ('{{ firstName | split: "" | first }}{{ firstName.size }}', "O8", "O8"),
        ("{{ firstName | escape }}", "Ol&lt;b&gt;ena", "Ol&lt;b&gt;ena"),
        ("{{ price }} {{ price | plus: 0.25 }} {{ size | times: 2 }}", "10.50 10.75 6", "10.50 10.75 6"),
        ('{{ born }} {{ born | date: "%d.%m.%y" }} {{ vip }}', "1991-08-24 24.08.91 true", "1991-08-24 24.08.91 true"),
        ('{{ "2026-01-02T03:04:05Z" | date: "%H:%M" }}{{ firstName | date: "%Y" | size }}', "03:048", "03:048"),
        ("{% for i in (1..3) %}{{ forloop.index }}{% endfor %}", "123", "123"),
        ("{% raw %}{{ x }}{% endraw %}{% comment %}{{ city }}{% endcomment %}{% # x %}", "{{ x }}", "{{ x }}"),
        ('{% assign l = "b,a,b" | split: "," | uniq | sort %}{{ l | join: "+" }}', "a+b", "a+b"),
    ],
)
def test_what_it_makes(source: str, plain: str, html: str) -> None:
    assert personalised(source, VALUES, path="body") == plain
    assert personalised(source, VALUES, path="body", html=True) == html


@pytest.mark.parametrize(
    ("source", "words", "place"),
    [
        ("a\n {{ firstname }}", "no variable “firstname”. Did you mean “firstName”?", (2, 5)),
        ("{{ firstName | upcse }}", "no filter “upcse”. Did you mean “upcase”?", (1, 16)),
        ("{{ firstName | safe }}", "no filter “safe”", (1, 16)),
        ("{{ now }}", "no variable “now”", (1, 4)),
        ("{{ firstName.secret }}", "has no “secret”", (1, 4)),
        ("{{ [firstName] }}", "no variable", (1, 4)),
        ("{% iff vip %}", "no tag “iff” here. Did you mean “if”?", (1, 1)),
        ("{% render 'x' %}{% include 'x' %}", "no tag “render”", (1, 1)),
        ("x {% if vip %}", "{% if %} is not closed: {% endif %} is missing", (1, 3)),
        ("{% if vip %}{% for i in (1..2) %}{% endif %}", "does not close {% for %}", (1, 34)),
        ("{% else %}", "belongs to nothing here", (1, 1)),
        ("{% raw %}", "{% endraw %} is missing", (1, 1)),
        ("{{ firstName", "“{{” is not closed", (1, 1)),
        ("{{ a {{ firstName }}", "“{{” is not closed", (1, 1)),
        ("{% %}", "Nothing stands between", (1, 1)),
        ("{{ x | y }}", "no filter “y”", (1, 8)),
        ("{{ firstName | append }}", "“append” cannot do this", (1, 16)),
        ("{{ size | divided_by: 0 }}", "“divided_by” cannot do this", (1, 11)),
        ("{{ firstName upcase }}", "Liquid cannot read this", (1, 14)),
        ("{{ (1..9) | size }}", "only behind the “in” of a loop", (1, 4)),
    ],
)
def test_what_it_refuses(source: str, words: str, place: tuple[int, int]) -> None:
    with pytest.raises(ContentRefused) as refused:
        personalised(source, VALUES, path="subject")
    assert words in refused.value.words
    assert (refused.value.path, refused.value.line, refused.value.column) == ("subject", *place)


LOOP = "{% for i in (1..10000) %}"
BOMBS = {
    "opened": "{{" * 500_000,
    "raw": "{% raw %}" * 100_000,
    "many": "{{ vip }}" * 100_000,
    "nested": "{% if vip %}" * 1_000 + "{% endif %}" * 1_000,
    "long and": ("{% if vip" + " and vip" * 110 + " %}1{% endif %}") * 100,
    "spaces": "{{ vip" + " " * 900 + "}}",
    "loops": LOOP * 2 + "x" + "{% endfor %}" * 2,
    "loops in a row": (LOOP + "{{ i }}{% endfor %}") * 900,
    "doubling": '{% assign x = "aa" %}' + "{% assign x = x | append: x %}" * 60,
    "replacing": '{{ big | replace: "a", big }}',
    "names": "".join(f'{{% assign x{i} = big | append: "1" %}}' for i in range(900)),
    "kept in a loop": LOOP + "{% assign x = big | append: i %}{% endfor %}",
    "searched": LOOP + '{% if big contains "z" %}{% endif %}{% endfor %}',
    "joined": '{% assign l = big | split: "z" %}' + "{% assign l = l | concat: l %}" * 14 + "{{ l | join }}",
    "captured": LOOP + "{% capture x %}" + "z" * 900_000 + "{% endcapture %}{% endfor %}",
    "silent": LOOP + "{% if 1 == 1 %}{% endif %}" * 900 + "{% endfor %}",
    "squared": "{% assign x = 99999 %}" + "{% assign x = x | times: x %}" * 40 + "{{ x }}",
    "split": LOOP + '{% assign l = big | split: "" %}{% endfor %}',
    "range": "{% for i in (1..99999999999999999999) reversed %}{% endfor %}",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_soon(bomb: str) -> None:
    began = time.perf_counter()
    with suppress(ContentRefused):
        assert len(personalised(bomb, VALUES, path="body", html=True)) <= 1_000_000
    assert time.perf_counter() - began < MOST_SECONDS


def test_odd_strings_are_values_like_any_other_and_refused_or_kept_as_text() -> None:
    for text in odd_strings():
        assert personalised("{{ x }}", {"x": text}, path="body") == text
        assert not {"<", '"'} & set(personalised("{{ x }}", {"x": text}, path="body", html=True))
        try:
            assert "{{" in text or "{%" in text or personalised(text, VALUES, path="body") == text
        except ContentRefused:
            raise AssertionError(text) from None


_PIECES = st.sampled_from([
    "{{ ", " }}", "{% ", " %}", "if ", "for i in ", "endif", "endfor", "firstName", "city", "(1..3)", " | ", "x", '"',
    ":", "assign x = ", "raw", "endraw", "[", "]", ".", "-", ",", "1", "<b>", "\n", "case ", "when ", *FILTERS,
])  # fmt: skip


@settings(max_examples=EXAMPLES)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_whatever_is_written_is_a_text_or_refused_in_words(source: str) -> None:
    for html in (False, True):
        with suppress(ContentRefused):
            personalised(source, VALUES, path="body", html=html)
