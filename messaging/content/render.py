"""Makes a content somebody's: pure, given the values. What comes out is what a provider is told to send."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import tzinfo
from itertools import chain
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext as _

from activity.catalogue import Channel
from messaging.content.content import Content, ContentRefused, Format
from messaging.content.gaps import Gapped
from messaging.content.lines import line, lines, link
from messaging.content.patterns import document
from messaging.content.personalising import gapped, personalised, understood
from messaging.content.push import MOST_TEXT_BYTES
from messaging.content.push import length_of as length_of_push
from messaging.content.sms import length_of
from messaging.content.telegram import MAX_LENGTH, markup, utf16_length
from messaging.content.values import contact_with_values, for_liquid, values_of

# https://www.twilio.com/docs/glossary/what-sms-character-limit
MAX_SMS = 1_600
# https://developers.viber.com/docs/api/rest-bot-api/#text-message
MAX_VIBER = 7_000
MAX_BUTTON = 30
MAX_PUSH_TITLE = 150
MAX_SOURCE = 1_000_000
# Written texts whose rendered form is not worth reading any further.
_MAX_MARKUP = 40_000


@dataclass(frozen=True)
class Rendered:
    """What somebody gets. `subject` and `link`, `button`, `image` as in `Content`, filled in.

    `html`: a whole document of an email ("" for one that is plain text); the markup of Telegram. `text`: the plain-text
    twin of `html`, or all there is.
    """

    subject: str = ""
    html: str = ""
    text: str = ""
    link: str = ""
    button: str = ""
    image: str = ""

    def to_json(self) -> dict[str, str]:
        """Without what is empty."""
        return {name: value for name in _PARTS if (value := getattr(self, name))}

    @classmethod
    def from_json(cls, kept: Mapping[str, str]) -> Self:
        return cls(**kept)


_PARTS = tuple(part.name for part in fields(Rendered))


def render(content: Content, of: int | Mapping[str, object], zone: tzinfo | None = None) -> Rendered:
    """What a contact gets, named by its id or by its values; those that the content brings come first.

    Times are told in the contact's zone, which comes with its values; None, where it is not known: in the account's.
    Raises `ContentRefused`; by id also `Contact.DoesNotExist`.
    """
    if isinstance(of, int):
        contact = contact_with_values(of)
        of, zone = values_of(contact, content.channel), contact.zone
    with timezone.override(zone or timezone.get_default_timezone()):
        found = {name: for_liquid(value) for name, value in {**of, **content.values}.items()}
        return _RENDERERS[content.channel](content, _Filler(content, found))


def names_in(content: Content, known: Collection[str] | None) -> list[str]:
    """The variables that a content uses, in the order in which they first stand in it.

    Raises `ContentRefused` for one that is not `known`; None: any is.
    """
    names = None if known is None else {*known, *content.values}
    html = content.format is Format.HTML
    found = [
        understood(getattr(content, path), names, path=path, html=html and path == "body").names
        for path in ("subject", "body", "link", "button", "image")
    ]
    return list(dict.fromkeys(chain.from_iterable(found)))


class _Filler:
    """Fills in the texts of one content."""

    def __init__(self, content: Content, values: Mapping[str, object]) -> None:
        self.content = content
        self.values = values

    def body(self) -> str:
        return _something(self._filled("body", html=self.content.format is Format.HTML))

    def html(self) -> Gapped:
        """The body, which is HTML."""
        found = gapped(self._written("body"), self.values, path="body")
        return found._replace(text=_something(_lines(found.text)), outline=_lines(found.outline))

    def line(self, path: str, most: int) -> str:
        return line(self._filled(path), path=path, most=most)

    def link(self, path: str) -> str:
        return link(self._filled(path), path=path)

    def _filled(self, path: str, *, html: bool = False) -> str:
        text = personalised(self._written(path), self.values, path=path, html=html)
        return text if path != "body" else _lines(text)

    def _written(self, path: str) -> str:
        written: str = getattr(self.content, path)
        if len(written) > MAX_SOURCE:
            raise ContentRefused(_("%(most)d characters are the most.") % {"most": MAX_SOURCE}, path)
        return written


def _lines(body: str) -> str:
    return lines(body, path="body")


def _something(body: str) -> str:
    if not body.strip():
        raise ContentRefused(_("There is nothing in it."), "body")
    return body


def _email(content: Content, fill: _Filler) -> Rendered:
    subject = fill.line("subject", most=300)
    if not subject:
        raise ContentRefused(_("An email has a subject."), "subject")
    if content.format is Format.TEXT:
        return Rendered(subject=subject, text=fill.body())
    html, text = document(fill.html(), subject=subject)
    return Rendered(subject=subject, html=html, text=text)


def _sms(_content: Content, fill: _Filler) -> Rendered:
    text = fill.body()
    if (length := length_of(text).units) > MAX_SMS:
        raise _too_long(MAX_SMS, length)
    return Rendered(text=text)


def _telegram(content: Content, fill: _Filler) -> Rendered:
    body = fill.body()
    if content.format is Format.TEXT:
        if (length := utf16_length(body.strip())) > MAX_LENGTH:
            raise _too_long(MAX_LENGTH, length)
        return Rendered(text=body)
    if len(body) > _MAX_MARKUP:
        raise _too_long(_MAX_MARKUP, len(body))
    html, text = markup(body)
    if not text.strip():
        raise ContentRefused(_("There is nothing in it."), "body")
    return Rendered(html=html, text=text)


def _viber(_content: Content, fill: _Filler) -> Rendered:
    text = fill.body()
    if len(text) > MAX_VIBER:
        raise _too_long(MAX_VIBER, len(text))
    button = fill.line("button", most=MAX_BUTTON)
    address = fill.link("link")
    if bool(button) != bool(address):
        raise ContentRefused(_("A button has words and an address."), "link" if button else "button")
    return Rendered(text=text, link=address, button=button, image=fill.link("image"))


def _push(_content: Content, fill: _Filler) -> Rendered:
    title = fill.line("subject", most=MAX_PUSH_TITLE)
    if not title:
        raise ContentRefused(_("A push message has a title."), "subject")
    text, icon = fill.body(), fill.link("image")
    if (length := length_of_push(title=title, text=text, icon=icon)) > MOST_TEXT_BYTES:
        words = _("A push has %(most)d bytes at most with its title, text and icon, this one has %(length)d.")
        raise ContentRefused(words % {"most": MOST_TEXT_BYTES, "length": length})
    return Rendered(subject=title, text=text, link=fill.link("link"), image=icon)


def _too_long(most: int, length: int) -> ContentRefused:
    words = _("%(most)d characters are the most, these are %(length)d.")
    return ContentRefused(words % {"most": most, "length": length}, "body")


_RENDERERS: Mapping[Channel, Callable[[Content, _Filler], Rendered]] = {
    Channel.EMAIL: _email,
    Channel.SMS: _sms,
    Channel.TELEGRAM: _telegram,
    Channel.VIBER: _viber,
    Channel.DESKTOP_WEBPUSH: _push,
    Channel.MOBILE_WEBPUSH: _push,
}
