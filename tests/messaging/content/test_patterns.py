"""Patterns: what is filled into a finished email is, sign for sign, what the long way makes of the filled HTML."""

import os
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from messaging.content.content import ContentRefused
from messaging.content.mail_html import mail_html
from messaging.content.patterns import document, pattern_of
from messaging.content.personalising import gapped

NAMES = ("a", "b", "link")
PIECES = (
    "<p>Dear {{ a }},</p>", "{{ b }}", "<b>{{ a | upcase }}</b> ", "<a href='{{ link }}'>{{ a }}</a>", "<p>",
    '<a href="https://x.example/?a=1&amp;u={{ b }}&c={{ a }}">go</a>', "<a href={{ link }}>{{ link }}</a>", "<i>x</i>",
    "<a href='https://x.example/{{ b }}'>https://x.example/Olena</a>", "<table><tr>{{ a }}<td>{{ b }}</table>", "&am",
    "{% if a == 'Olena' %}<h1>{{ b }}</h1>{% else %}{{ a }}{% endif %}", "<img src='{{ link }}' alt='{{ a }}'>", "<",
    "{% for i in (1..2) %}{{ a }} {% endfor %}", "{% capture c %}<i>{{ a }}</i>{% endcapture %}{{ c }}", "</b>", "&",
    "<style>p { color: red } .{{ a }} { color: blue }</style>", "<style>a[href] { color: red }</style>", "<b><a>",
    "<!-- {{ a }} -->", "<script>{{ a }}</script>", "<p class={{ a }} style='color: {{ b }}'>x</p>", "<pre>\n{{ a }}",
    "<style>p:empty { color: red }</style>", "<a href='mailto:{{ a }}'>{{ a }}</a>", "<textarea>{{ b }}", "\r\n", " ",
    "<a href='https://{{ a }}/'>x</a>", "<a href='{{ link }}{{ b }}'>x</a>", "<p>{{ a }}{{ b }}</p>", "\U000f0000",
    "<ul><li>{{ a }}<li>{{ b }}</ul>", "<a name={{ a }} href='https://x.example/'>x</a>", "<title>{{ a }}</title>",
    "<i title='1 > 0 {{ a }}'>", "<a title='a > b' href='{{ link }}'>{{ link }}</a>", "<xmp>{{ a }}</xmp>", "\ufeff",
    "<a href='{{ link }}'><b title='<x>'>{{ link }}</b></a>", "<plaintext>", "<noembed>{{ b }}</noembed>",
)  # fmt: skip
VALUES = (
    "Olena", "Олена", "O'Neil", "b", "lt;", "amp", " x", "x ", "a  b", "a\nb", "<b>", "&amp;", "&", '"', "", "שלום",
    "https://x.example/Olena", "https://x.example", "javascript:alert(1)", "//x.example", "#top", "x@example.com",
    "\xa0", "https://x:99999/", "https://x.example:80", "?q=1", "1" * 1_200, "\U000f0001", "\ue000", "p", "p:", "😀",
    "https://xn--a.example", "https://1.2.3.999/", "https://a..b/", "https://x.example:99999/", "\u3000", "/../",
    "\ufeffx",
)  # fmt: skip


def outcome(html: str, subject: str) -> tuple[str, str] | str:
    try:
        return mail_html(html, subject=subject)
    except ContentRefused as refused:
        return refused.words


@settings(max_examples=int(os.environ.get("EXAMPLES", "60")), deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=6),
    st.lists(st.tuples(*[st.sampled_from(VALUES)] * 3), min_size=2, max_size=4),
)
@example(["<a href='{{ link }}'>{{ link }}</a>"], [("a", "b", "https://x.example"), ("a", "b", "https://y.example")])
@example(["<a href='https://x.example/{{ b }}'>https://x.example/Olena</a>"], [("a", "b", ""), ("a", "Olena", "")])
def test_a_pattern_is_filled_with_what_the_long_way_makes(pieces: list[str], people: list[tuple[str, ...]]) -> None:
    source = "".join(pieces)
    for person in people:
        values = dict(zip(NAMES, person, strict=True))
        it = gapped(source, values, path="body")
        try:
            pattern = pattern_of(it) if it.outline else None
        except ContentRefused:
            pattern = None
        filled = pattern and pattern.filled(it.values, "To <you>")
        if filled:
            assert filled == outcome(it.text, "To <you>")


CAMPAIGN = (
    "<html lang=uk><style>.b { padding: 8px } @media (width < 9em) { p { color: red } }</style><h1>Dear {{ a }}</h1>"
    "<p>{% if b %}Yours, {{ b }}{% endif %} <a class=b href='https://x.example/?a=1&u={{ b }}'>Look</a></p>"
    "<p><a href='{{ link }}'>Unsubscribe</a></p>"
)


@pytest.mark.parametrize("name", ["Olena", "Олена Коваль", "O'Neil", "שלום 😀"])
def test_a_campaign_goes_the_short_way(name: str) -> None:
    values = {"a": name, "b": "user-17", "link": "https://x.example/u/17-1.abc_-/"}

    it = gapped(CAMPAIGN, values, path="body")
    pattern = pattern_of(it)

    assert pattern
    assert pattern.filled(it.values, "Hi & bye") == mail_html(it.text, subject="Hi & bye")
    assert pattern.filled(dict.fromkeys(it.values, "javascript:alert(1)"), "") is None
    for _often in range(3):
        assert document(it, subject="Hi") == mail_html(it.text, subject="Hi")


def test_tags_that_are_never_closed_are_looked_for_once() -> None:
    it = gapped("{{ a }}" + ("<" + " " * 9) * 55_000, {"a": "Olena"}, path="body")
    began = time.process_time()

    pattern_of(it)

    assert time.process_time() - began < 3, "looking from each to the end takes many times as long"
