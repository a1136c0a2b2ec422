"""What is told of a message while it is written: what stands against it, what is empty, how long it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity.catalogue import Channel
from messaging.composing.forms import ComposeForm
from messaging.content.content import Content
from messaging.content.lines import has_tags
from messaging.content.mail_html import CLIPPED_BYTES
from messaging.content.push import MOST_TEXT_BYTES, PUSH_CHANNELS
from messaging.content.push import length_of as length_of_push
from messaging.content.render import Rendered, names_in
from messaging.content.sms import Encoding, length_of
from messaging.content.telegram import MAX_LENGTH, utf16_length

_MOST_ODD = 8


@dataclass(frozen=True)
class Problem:
    """A sentence, and the field that it is about: its label and its id in the page, "" for all of the message."""

    label: str
    field: str
    words: str


@dataclass(frozen=True)
class Report:
    """`absent`: the variables it uses that this contact has no value of."""

    problems: list[Problem]
    absent: list[str]
    facts: list[str]
    warnings: list[str]


def report_on(form: ComposeForm) -> Report:
    """Of a bound form. A field that nothing has been written in yet is no problem."""
    form.is_valid()
    problems = [
        Problem(str(form[name].label), form[name].id_for_label, str(words))
        if name in form.fields
        else Problem("", "", str(words))
        for name, errors in form.errors.items()
        for words in errors
        if name not in form.fields or form.data.get(name)
    ]
    if form.content is None or form.rendered is None:
        return Report(problems, [], [], [])
    absent = _absent(form, form.content)
    return Report(
        problems, absent, list(_facts(form.channel, form.rendered)), list(_warnings(form.channel, form.rendered))
    )


def _absent(form: ComposeForm, content: Content) -> list[str]:
    return [name for name in names_in(content, form.values) if form.values.get(name, "") is None]


def _facts(channel: Channel, rendered: Rendered) -> Iterator[str]:
    if channel is Channel.SMS:
        found = length_of(rendered.text)
        parts = ngettext("%(parts)d SMS", "%(parts)d SMS", found.parts) % {"parts": found.parts}
        words = _("%(parts)s · %(units)d characters of %(encoding)s, %(left)d left in the last one")
        yield words % {"parts": parts, "units": found.units, "encoding": found.encoding, "left": found.left}
    elif channel is Channel.TELEGRAM:
        yield _("%(length)d of %(most)d characters") % {"length": utf16_length(rendered.text), "most": MAX_LENGTH}
    elif channel in PUSH_CHANNELS:
        length = length_of_push(title=rendered.subject, text=rendered.text, icon=rendered.image)
        yield _("%(length)d of %(most)d bytes") % {"length": length, "most": MOST_TEXT_BYTES}
    elif channel is Channel.EMAIL and rendered.html:
        size = number_format(len(rendered.html.encode()) / 1_000, 1)
        yield _("%(size)s KB, with a plain-text twin") % {"size": size}


def _warnings(channel: Channel, rendered: Rendered) -> Iterator[str]:
    if channel is Channel.SMS:
        found = length_of(rendered.text)
        if found.encoding is Encoding.UCS2:
            shown = " ".join(found.odd[:_MOST_ODD])
            yield _("Because of %(odd)s an SMS holds 70 characters instead of 160.") % {"odd": shown}
    if channel is Channel.EMAIL and not rendered.html and has_tags(rendered.text):
        yield _("There are HTML tags in this plain text: they will be read as they are written.")
    if channel is Channel.EMAIL and len(rendered.html.encode()) > CLIPPED_BYTES:
        yield _("Gmail cuts off what is longer than 102 KB.")
