"""Strings that break programs: whatever people, their keyboards and their attackers put into a field."""

import random
from functools import cache

COUNT = 500
_SEED = 1

_PEOPLE = ("👨", "👩", "🧑", "👧", "👦", "👶")
_SKINS = ("", "🏻", "🏽", "🏿")
_EMOJI = (
    "👨‍👩‍👧‍👦",
    "👩🏽‍❤️‍💋‍👨🏿",
    "🏳️‍🌈",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "🇺🇦🇬🇪🇯🇵",
    "🇺",
    "1️⃣",
    "☠︎",
    "🧑🏿‍🚒",
    "👩‍",
)
_SCRIPTS = (
    "Олена Коваленко",
    "محمد بن عبد الرحمن",
    "שלום עולם",
    "हिन्दी क्षत्रिय",
    "ঝিল্লি",
    "佐々木さくら",
    "한국어",
    "\u1112\u1161\u11ab\u1100\u116e\u11a8",
    "ภาษาไทยน้ำ",
    "İstanbul ıI",
    "Ǆ ǆ ǅ ﬃ ß ẞ",
    "Zo\u00eb Zoe\u0308 n\u0303",
    "𝕬𝖓𝖓𝖆 𐍈 𠮷",
    "Z̸̢͎̤͂̾a̷̛͙͑l̴̬͝g̵̣̽o̶͔͒",
    "ＦＵＬＬ　ＷＩＤＴＨ",
    "﷽",
)
_RIGHT_TO_LEFT = (
    "\u202egnp.exe\u202c",
    "\u2067שלום\u2069 and \u2066hello\u2069",
    "abc \u200fאבג\u200e 123",
    "user\u202e",
    "\u2068unclosed",
    "\u061cعربي (1)",
)
_UNSEEN = (
    "\u200b",
    "zero\u200bwidth",
    "\u200c\u200d\u2060\ufeff",
    "soft\u00adhyphen",
    "\u2800",
    "\u3164",
    "\u115f\u1160",
    "\u00a0no\u00a0break\u202fspace ",
    "\ufeffbyte order mark",
    "\u034f\ufe0f",
    "\U000e0001\U000e0041",
)
_CONTROLS = (
    "\0",
    "null\0byte",
    "bell\a",
    "\x1b[31mred\x1b[0m",
    "tab\tbed",
    "line\nbreak",
    "line\r\nbreak",
    "old\rMac",
    "next\x85line",
    "line\u2028paragraph\u2029",
    "form\ffeed",
    "del\x7f",
    "\ufffe\uffff\ufffd",
    "\n\nleading and trailing\n\n",
    "  two  spaces  ",
)
_QUOTES = (
    "O'Brien",
    '"quoted"',
    "“curly” ‘quotes’ „low“ «angle»",
    "back`tick",
    "\\",
    "\\n \\0 \\u0000",
    "'; DROP TABLE contacts_contact; --",
    "' OR '1'='1",
    "100%",
    "%s %(name)s %d %",
    "a,b;c\td",
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-1",
)
_TEMPLATES = (
    "{{ firstName }}",
    "{{",
    "}}",
    "{% if %}",
    "{# comment",
    "{{ 7*7 }}",
    "{0} {name}",
    "${jndi:ldap://x}",
    "<%= 1 %>",
    "#{1}",
    "{% load x %}{{ settings.SECRET_KEY }}",
)
_MARKUP = (
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "<!-- comment",
    "]]>",
    "&lt;b&gt; &amp; &#0; &nosuch;",
    "<b>bold</b>",
    "https://example.com/?a=1&b=<c>\"'",
    "http://user@evil.example/",
    "https://example.com/)\u202e",
    "http://[::1",
    "a < b > c & d",
)
_WORDS = ("null", "None", "undefined", "NaN", "true", "0", "00123", "1e309", "-0", "İ", "ſ", "on", "Infinity")
_JOINTS = ("", " ", "\n", "\u200b", "\u200d", "\u202e", "'", ", ")


def odd_strings() -> list[str]:
    """`COUNT` different ones, the same at every call; each is valid Unicode of at most 150 characters."""
    return list(_all())


@cache
def _all() -> tuple[str, ...]:
    sets = (_EMOJI, _SCRIPTS, _RIGHT_TO_LEFT, _UNSEEN, _CONTROLS, _QUOTES, _TEMPLATES, _MARKUP, _WORDS)
    dice = random.Random(_SEED)
    families = [
        "\u200d".join(dice.choice(_PEOPLE) + dice.choice(_SKINS) for _person in range(4)) for _family in range(80)
    ]
    found = dict.fromkeys([*(text for texts in sets for text in texts), *families])
    while len(found) < COUNT:
        pieces = [dice.choice(dice.choice(sets)) for _piece in range(dice.randint(2, 3))]
        found[dice.choice(_JOINTS).join(pieces)] = None
    return tuple(found)
