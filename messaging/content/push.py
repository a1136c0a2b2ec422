"""How much a push holds: what every push service takes (RFC 8030, 7.2), less what encrypts it (RFC 8291, 4)."""

import json
from collections.abc import Mapping

from activity.catalogue import Channel

PUSH_CHANNELS = (Channel.DESKTOP_WEBPUSH, Channel.MOBILE_WEBPUSH)
MOST_BYTES = 3_993
# For what is put beside the text for each message: where it leads, and where the browser tells of it.
_BESIDE = 593
MOST_TEXT_BYTES = MOST_BYTES - _BESIDE


def packed(parts: Mapping[str, str]) -> bytes:
    """What a browser gets, as short as JSON is; parts that are empty are left out."""
    full = {name: text for name, text in parts.items() if text}
    return json.dumps(full, ensure_ascii=False, separators=(",", ":")).encode()


def length_of(*, title: str, text: str, icon: str) -> int:
    """Bytes that the person's parts take of `MOST_TEXT_BYTES`."""
    return len(packed({"title": title, "text": text, "icon": icon}))
