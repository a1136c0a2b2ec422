"""What is written to somebody: one channel's text with its Liquid still in it, and how it is refused."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from django.utils.translation import gettext as _

from activity.catalogue import Channel

# What a request may bring along for Liquid: JSON's scalars.
Scalar = str | int | float | bool | None


class ContentRefused(Exception):
    """A content that cannot be sent. `words` are for whoever wrote it, `path` names the part: "subject", "body" …

    `line` and `column` count from 1; 0 where the whole part is meant.
    """

    def __init__(self, words: str, path: str = "body", *, line: int = 0, column: int = 0) -> None:
        super().__init__(words)
        self.words = words
        self.path = path
        self.line = line
        self.column = column

    @property
    def with_place(self) -> str:
        """The words, and where it is in the body, which may be long."""
        if not self.line or self.path != "body":
            return self.words
        return _("%(words)s (line %(line)d, column %(column)d)") % vars(self)


class Format(StrEnum):
    """How a body is written; of Telegram, HTML is its own few tags."""

    HTML = "html"
    TEXT = "text"


FORMATS: Mapping[Channel, tuple[Format, ...]] = {
    Channel.EMAIL: (Format.HTML, Format.TEXT),
    Channel.SMS: (Format.TEXT,),
    Channel.TELEGRAM: (Format.HTML, Format.TEXT),
    Channel.VIBER: (Format.TEXT,),
    Channel.DESKTOP_WEBPUSH: (Format.TEXT,),
    Channel.MOBILE_WEBPUSH: (Format.TEXT,),
}


@dataclass(frozen=True)
class Content:
    """As it was written. Each text may hold Liquid; which of them a channel has is told by `messaging.content.render`.

    `subject`: of an email; the title of a push. `link`, `button`, `image`: of Viber and push, URLs but for the button's
    words; the `image` of a push is its icon. `template` is the version of the template it was made from, 0 for none;
    Viber takes approved ones only. `values` come before the contact's own under the same names: those of an API
    request, the fields of a Viber template.
    """

    channel: Channel
    body: str
    subject: str = ""
    format: Format = Format.TEXT
    link: str = ""
    button: str = ""
    image: str = ""
    template: int = 0
    values: Mapping[str, Scalar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.format not in FORMATS.get(self.channel, ()):
            raise ValueError(f"{self.channel.name} has no {self.format} messages")

    def to_json(self) -> dict[str, Any]:
        """What is empty is left out, so that a part added later changes no earlier digest."""
        parts = {name: value for name in _PARTS if (value := getattr(self, name))}
        return {"channel": self.channel.slug, "format": self.format.value, **parts}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Raises `KeyError` or `ValueError` for what `to_json` has not written."""
        parts = {name: kept[name] for name in _PARTS if name in kept}
        return cls(channel=Channel.of_slug(kept["channel"]), format=Format(kept["format"]), **{"body": "", **parts})

    @property
    def digest(self) -> str:
        """SHA-256 of it, 64 hexadecimal digits: the same for the same content."""
        written = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


_PARTS = ("subject", "body", "link", "button", "image", "template", "values")
