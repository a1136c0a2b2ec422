"""Links in notes: found where a reader would see one, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.links import parts
from tests.odd_strings import odd_strings


def links(text: str) -> list[str]:
    return [part.url for part in parts(text) if part.url]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.com", "https://example.com"),
        ("see http://example.com/a?b=c&d=%20#e now", "http://example.com/a?b=c&d=%20#e"),
        ("HTTPS://EXAMPLE.COM/", "HTTPS://EXAMPLE.COM/"),
        ("(https://example.com/a)", "https://example.com/a"),
        ("https://en.wikipedia.org/wiki/Kyiv_(city)", "https://en.wikipedia.org/wiki/Kyiv_(city)"),
        ("[https://example.com/a].", "https://example.com/a"),
        ("“https://example.com/a”", "https://example.com/a"),
        ("https://example.com/a.\nhttp", "https://example.com/a"),
        ("Really?! https://example.com/a?!", "https://example.com/a"),
        ("https://приклад.укр/шлях", "https://приклад.укр/шлях"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
        ("عند https://example.com/ar.", "https://example.com/ar"),
        ("https://example.com/\u202egnp.exe", "https://example.com/"),
        ("https://example.com/a\u200bb", "https://example.com/a"),
        ("<https://example.com/a>", "https://example.com/a"),
        ('https://example.com/"onclick="alert(1)', "https://example.com/"),
        ("https://example.com/{{ x }}", "https://example.com/"),
    ],
)
def test_a_link_is_found_without_what_stands_around_it(text: str, link: str) -> None:
    assert links(text) == [link]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.com",
        "www.example.com",
        "ftp://example.com/",
        "javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "data:text/html,https",
        "xhttps://example.com/",
        "https://",
        "https:///path",
        "https://?",
        "https://bank.example@evil.example/",
        "https://user:password@example.com/",
        "http://[::1",
        "https://example.com:port/",
        "https://example.com:99999/",
        "https:\n//example.com",
    ],
)
def test_what_is_none_or_leads_elsewhere_than_it_seems_stays_text(text: str) -> None:
    assert links(text) == []


def test_several_links_stand_between_their_words() -> None:
    pieces = list(parts("a https://example.com/1, http://example.com/2 b"))
    assert [piece.text for piece in pieces] == ["a ", "https://example.com/1", ", ", "http://example.com/2", " b"]


def test_nothing_of_an_odd_text_is_lost() -> None:
    for text in odd_strings():
        assert "".join(part.text for part in parts(text)) == text


@given(
    st.lists(st.sampled_from(["https://", "http://", "a", ".", ")", "(", "@", ":", "/", "[", "]", " ", "\n", "\u202e"]))
)
def test_pieces_make_up_the_text_and_links_are_what_is_read(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert "".join(part.text for part in parts(text)) == text
    for link in links(text):
        assert link.startswith(("http://", "https://"))
        assert "@" not in link.split("/")[2]
        assert all(part.url in {"", part.text} for part in parts(text))
