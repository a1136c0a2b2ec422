"""What each channel's content becomes: pure functions, so the cases are many and quick."""

import time
from contextlib import suppress
from html.parser import HTMLParser
from typing import Any

import pytest

from activity.catalogue import Channel
from messaging.content.absent import marked_html, marked_text, with_absent
from messaging.content.content import FORMATS, Content, ContentRefused, Format
from messaging.content.render import Rendered, names_in, render
from messaging.content.sms import Encoding, length_of
from tests.odd_strings import odd_strings

VALUES = {
    "firstName": "Олена",
    "city": None,
    "evil": '"><script>alert(1)</script><a href=//x>',
    "header": "a\r\nBcc: all@example.com",
    "link": "javascript:alert(1)",
}
MOST_SECONDS = 8


def email(body: str, **parts: Any) -> Rendered:
    return render(Content(Channel.EMAIL, body, **{"subject": "Hi", "format": Format.HTML} | parts), VALUES)


def refusal(content: Content) -> tuple[str, str]:
    with pytest.raises(ContentRefused) as refused:
        render(content, VALUES)
    return refused.value.path, refused.value.words


def test_a_content_goes_through_json_and_its_digest_tells_it() -> None:
    content = Content(Channel.VIBER, "Hi", button="Go", link="https://x.example", template=3, values={"n": 1})
    assert Content.from_json(content.to_json()) == content
    assert content.digest == Content.from_json(content.to_json()).digest != Content(Channel.VIBER, "Hi").digest
    assert len(content.digest) == 64
    with pytest.raises(ValueError, match="SMS has no html"):
        Content(Channel.SMS, "x", format=Format.HTML)


def test_an_email_is_a_whole_document_with_its_styles_in_it_and_a_twin() -> None:
    it = email(
        "<html lang=uk><style>p{color:red}@media (max-width:9em){p{color:blue}}</style><body bgcolor=#eee>"
        "<h1>Hi {{ firstName }}</h1><p>See <a href='https://x.example/?a=1&b=2'>this</a><br>https://y.example</p>"
        "<ul><li>one<li>two</ul><ol><li>a</ol><img src=https://x.example/a.png alt='A boot'></body>",
        subject="For {{ firstName }} & you",
    )
    assert it.subject == "For Олена & you"
    assert it.html.startswith('<!doctype html>\n<html lang="uk">')
    assert "<title>For Олена &amp; you</title>" in it.html
    assert '<p style="color: red;">' in it.html
    assert "@media (max-width:9em){p{color:blue}}" in it.html
    assert '<div bgcolor="#eee">' in it.html
    assert it.text == (
        "Hi Олена\n\nSee this (https://x.example/?a=1&b=2)\nhttps://y.example\n\n- one\n- two\n\n1. a\n\nA boot"
    )


class _Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}


DANGERS = [
    "<script>alert(1)</script>", "<p onclick=x()>a</p>", "<iframe src=//x></iframe>", "<form action=//x><input></form>",
    "<a href='java\tscript:x'>a</a>", "<svg onload=x>", "<math><style><img src=x onerror=y></style></math>",
    "<style>@import url(//x);@media x{</style><script>y</script>}</style>", "<link rel=stylesheet href=/etc/passwd>",
    "<base href=//x>", "<meta http-equiv=refresh content=0>", "<object data=x></object>",
    "<!--[if x]><script>1</script>-->",
    "<body onload=x><p>a", "<noscript><p title='</noscript><img src=x onerror=y>'>", "{{ evil }}",
    "<p title={{ evil }}>a",
    '<a href="{{ link }}">a</a>', "<p title='{{ evil }}'>a</p>", "<template><script>x</script></template>",
]  # fmt: skip


@pytest.mark.parametrize("danger", DANGERS)
def test_nothing_in_it_runs_loads_or_submits(danger: str) -> None:
    seen = _Seen(email(f"<p>Hello</p>{danger}<p>Bye</p>").html)
    assert not seen.tags & {"script", "iframe", "form", "input", "svg", "math", "link", "base", "object", "embed"}
    assert not [name for name, _value in seen.attributes if name.startswith("on")]
    assert not [value for name, value in seen.attributes if name in ("href", "src") and "script:" in value]
    assert not [value for name, value in seen.attributes if name == "content" and value == "0"]


HEAVY = {
    "deep": "<div>" * 150_000,
    "deep a": "<a><b>" * 20_000,
    "misnested": "<b><i></b></i>" * 7_000,
    "opened anew": "<p>" + "".join(f"<b id={i}>" for i in range(8)) + "</p>" + "<p>x</p>" * 14_000,
    "signs": "&" * 999_999,
    "foreign": "<svg>" + "<td>" * 29_000,
    "comments": "<!--" * 200_000,
    "selectors": "<p>" * 29_000 + "<style>" + "* * :nth-child(3){color:red}" * 20_000,
    "at rules": "<style>" + "@media x{a{}" * 50_000 + "</style>x",
    "a megabyte": "<p>Привіт 👋 שלום</p>" * 27_000,
    "too large": "x" * 1_000_001,
}


@pytest.mark.parametrize("html", HEAVY.values(), ids=HEAVY)
def test_heavy_html_is_sent_or_refused_soon(html: str) -> None:
    began = time.perf_counter()
    with suppress(ContentRefused):
        assert len(email(html).html.encode()) <= 1_000_000
    assert time.perf_counter() - began < MOST_SECONDS


@pytest.mark.parametrize(
    ("content", "path", "words"),
    [
        (Content(Channel.EMAIL, "x", subject="a\nb"), "subject", "U+000A"),
        (Content(Channel.EMAIL, "x", subject="{{ header }}"), "subject", "U+000D"),
        (Content(Channel.EMAIL, "x", subject="\0"), "subject", "U+0000"),
        (Content(Channel.EMAIL, "x", subject="a" * 301), "subject", "300"),
        (Content(Channel.EMAIL, "x"), "subject", "has a subject"),
        (Content(Channel.EMAIL, " {{ city }} ", subject="a"), "body", "nothing in it"),
        (Content(Channel.SMS, "a\x00"), "body", "U+0000"),
        (Content(Channel.SMS, "\ud83d"), "body", "U+D83D"),
        (Content(Channel.SMS, "a" * 1_601), "body", "1600"),
        (Content(Channel.TELEGRAM, "😀" * 2_049, format=Format.HTML), "body", "4098"),
        (Content(Channel.TELEGRAM, "<b>x", format=Format.HTML), "body", "<b> is not closed"),
        (Content(Channel.TELEGRAM, "<b><i>x</b></i>", format=Format.HTML), "body", "</b>"),
        (Content(Channel.TELEGRAM, "<table>", format=Format.HTML), "body", "does not know <table>"),
        (Content(Channel.TELEGRAM, "<a href='{{ link }}'>x</a>", format=Format.HTML), "body", "begins with https://"),
        (Content(Channel.TELEGRAM, "<!doctype html>x", format=Format.HTML), "body", "a whole page"),
        (Content(Channel.VIBER, "x", button="Go"), "link", "words and an address"),
        (Content(Channel.VIBER, "x", button="Go", link="{{ link }}"), "link", "begins with https://"),
        (Content(Channel.DESKTOP_WEBPUSH, "x"), "subject", "has a title"),
        (Content(Channel.MOBILE_WEBPUSH, "ї" * 1_700, subject="a"), "body", "3400 bytes at most"),
        (Content(Channel.DESKTOP_WEBPUSH, "x", subject="a", image="https://a/" + "x" * 1_991), "image", "2000"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(content: Content, path: str, words: str) -> None:
    told = refusal(content)
    assert told[0] == path
    assert words in told[1]


def test_telegrams_markup_is_written_anew() -> None:
    body = "<strong>Hi</strong> {{ evil }}<br>2 < 3 & <a HREF='https://x.example/?a=1&amp;b=2' onclick=x>it</a><!-- -->"
    it = render(Content(Channel.TELEGRAM, body, format=Format.HTML), VALUES)
    assert it.html.startswith("<b>Hi</b> &quot;&gt;&lt;script&gt;")
    assert it.html.endswith('\n2 &lt; 3 &amp; <a href="https://x.example/?a=1&amp;b=2">it</a>')
    assert it.text.endswith("\n2 < 3 & it")


def test_a_preview_marks_what_is_empty_and_is_otherwise_what_is_sent() -> None:
    body = (
        "{{ city }} {{ city | default: 'x' }}{% if city %}no{% endif %} <a title='{{ city }}'>{{ city | slice: 0 }}</a>"
    )
    content = Content(Channel.EMAIL, body, subject="S", format=Format.HTML)
    shown = marked_html(render(content, with_absent(VALUES)).html)
    assert '<mark title="city">city</mark> x <a title=""></a>' in shown
    assert marked_text(render(Content(Channel.SMS, "<{{ city }}>"), with_absent(VALUES)).text) == (
        '&lt;<mark title="city">city</mark>&gt;'
    )
    plain = Content(Channel.SMS, "{{ firstName }}{% if city %}no{% endif %}{{ evil }}")
    assert render(plain, with_absent(VALUES)) == render(plain, VALUES)


def test_values_of_the_content_come_first_and_are_known() -> None:
    content = Content(Channel.SMS, "{{ firstName }} {{ order }}", values={"firstName": "Ann", "order": 7})
    assert render(content, VALUES).text == "Ann 7"
    assert names_in(content, VALUES.keys()) == ["firstName", "order"]


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts", "left"),
    [
        ("", Encoding.GSM7, 0, 1, 160),
        ("a" * 160, Encoding.GSM7, 160, 1, 0),
        ("a" * 161, Encoding.GSM7, 161, 2, 145),
        ("€" * 80, Encoding.GSM7, 160, 1, 0),
        ("a" * 306, Encoding.GSM7, 306, 2, 0),
        # The pair of the euro sign does not go into the last unit of the first part.
        ("a" * 152 + "€" + "a" * 152, Encoding.GSM7, 306, 3, 152),
        ("@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ^{}\\[~]|€", Encoding.GSM7, 48, 1, 112),
        ("ї" * 70, Encoding.UCS2, 70, 1, 0),
        ("ї" * 71, Encoding.UCS2, 71, 2, 63),
        ("😀" * 35, Encoding.UCS2, 70, 1, 0),
        ("ї" * 66 + "😀" + "ї" * 10, Encoding.UCS2, 78, 2, 55),
        ("`", Encoding.UCS2, 1, 1, 69),
    ],
)
def test_sms_are_counted(text: str, encoding: Encoding, units: int, parts: int, left: int) -> None:
    found = length_of(text)
    assert (found.encoding, found.units, found.parts, found.left) == (encoding, units, parts, left)
    assert length_of("aїbї`").odd == ("ї", "`")


def test_odd_strings_are_sent_as_they_are_or_refused() -> None:
    for text in odd_strings():
        for channel, formats in FORMATS.items():
            for form in formats:
                subject = "" if channel in (Channel.SMS, Channel.TELEGRAM, Channel.VIBER) else "{{ x }}"
                content = Content(channel, "{{ x }}", subject=subject, format=form)
                with suppress(ContentRefused):
                    it = render(content, {"x": text})
                    same = text.replace("\r\n", "\n").replace("\r", "\n")
                    assert it.text == same or (form is Format.HTML and it.html)
                    assert not set(it.subject) & set("\r\n\0")
