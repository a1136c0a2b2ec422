"""500 texts that break pages, tables and queries, the same ones every time."""

from itertools import product

_ODD = (
    "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇺🇦", "👍🏽", "e\u0301", "\u1e69\u0323", "Ж\u0306", "ﷺ", "𝔘𝔫𝔦", "Å", "ﬁ", "İı", "ẞß",
    "שלום", "مرحبا", "\u202eevil\u202c", "\u200fRTL\u200e", "\u2067isolate\u2069",
    "\u200b", "\u200d", "\ufeff", "\u2060", "\xad", "\u3164", "\u2800",
    "\0", "\x01", "\x1b[31m", "\x7f", "\x85", "\u2028", "\r\n", "\n", "\t", "\v",
    '"', "'", "’", "`", "\\", "\\u0000", "%s", "%(name)s", "{0}", "{{", "{{ userId }}", "{% now %}", "{#", "$1", "${x}",
    "<script>alert(1)</script>", "<b>", "&amp;", "&#0;", "]]>", "<!--", "javascript:", "';--", "/*", "NULL", "null",
    "true", "0", "-1", "1e999", "NaN", " ", "  ", "\xa0", "　", "..", "../../etc", "\\N", "=1+1", "@sum", "#", "?",
    "Ａｂ", "ｱ", "𒐫", "\U0010ffff", "\ue000", "\ufdd0", "a" * 151, "я" * 40, "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍", "…", "—", "½", "①", "٣",
)  # fmt: skip
_FRAMES = ("{}", "a{}", "{}z", "a{}z", "{0}{0}", " {} ")
ODD_TEXTS = list(
    dict.fromkeys(frame.replace("{0}", "{}").replace("{}", text) for frame, text in product(_FRAMES, _ODD))
)
ODD_TEXTS = ODD_TEXTS[:500]
