"""What a message is written in: a form a channel. It is valid when the message can be sent as it stands."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.html import escape
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.catalogue import Channel
from activity.form_keys import FormKey
from messaging.composing.channels import OFFERED_FORMATS
from messaging.content.content import Content, ContentRefused, Format
from messaging.content.push import PUSH_CHANNELS
from messaging.content.render import Rendered, render
from messaging.content.telegram import KNOWN
from messaging.models import TemplateVersion
from messaging.templating import fields_of, refuse_unapproved, startable

_FIELD = "field-"
_MOST_FIELD = 1_000
# Of what a message may start from, beside its format.
_PARTS = ("subject", "body", "link", "image")
_WRITTEN = {"dir": "auto", "spellcheck": "true", "data-liquid": ""}
_HELP = {
    Format.HTML: gettext_lazy("HTML. A plain-text twin is made of it."),
    Format.TEXT: gettext_lazy("Plain text."),
}
_BODY_HELP = {
    Channel.SMS: gettext_lazy("Links are sent as they are written."),
    # Help is HTML.
    Channel.TELEGRAM: format_lazy(
        gettext_lazy("{tags} may be in it."), tags=escape(", ".join(map("<{}>".format, KNOWN)))
    ),
}


class ComposeForm(forms.Form):
    """A message to one contact, whose `values` are what Liquid finds, and in whose `zone` it tells times.

    `start`: the version it starts from.
    """

    key = FormKey()
    template = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        channel: Channel,
        values: Mapping[str, object],
        zone: tzinfo | None = None,
        start: TemplateVersion | None = None,
    ) -> None:
        self.channel, self.values, self.zone, self.start = channel, values, zone, start
        self.written = start.written if start else None
        self.content: Content | None = None
        self.rendered: Rendered | None = None
        super().__init__(data, initial=self._initial())
        self.fields |= self._of_viber() if channel is Channel.VIBER else self._of_text()

    def _initial(self) -> dict[str, Any]:
        found = self.written
        if found is None:
            return {"format": OFFERED_FORMATS[self.channel][0].value}
        parts = {part: getattr(found, part) for part in _PARTS}
        return {"template": found.template, "format": found.format.value, **parts}

    def _of_text(self) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        if self.channel in PUSH_CHANNELS:
            fields["subject"] = _line(_("Title"))
        if self.channel is Channel.EMAIL:
            fields["subject"] = _line(_("Subject"))
            offered = [(each.value, _HELP[each]) for each in OFFERED_FORMATS[self.channel]]
            fields["format"] = forms.ChoiceField(label=_("Format"), choices=offered, widget=forms.RadioSelect)
        fields["body"] = forms.CharField(
            label=_("Text"),
            strip=False,
            widget=forms.Textarea(attrs={**_WRITTEN, "rows": 12 if self.channel is Channel.EMAIL else 5}),
            help_text=self._help(),
        )
        if self.channel in PUSH_CHANNELS:
            fields["link"] = _line(_("Link"), _("Where a click leads; it is counted."), required=False)
            fields["image"] = _line(_("Icon"), _("The address of a square picture."), required=False)
        return fields

    def _help(self) -> str:
        if self.channel is Channel.TELEGRAM and self._initial()["format"] == Format.TEXT:
            return str(_HELP[Format.TEXT])
        return str(_BODY_HELP.get(self.channel, ""))

    def _of_viber(self) -> dict[str, forms.Field]:
        """What the approved text leaves open."""
        names = fields_of(self.written) if self.written else []
        return {
            f"{_FIELD}{name}": forms.CharField(
                label=name, max_length=_MOST_FIELD, widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
            )
            for name in names
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.content = self._content(cleaned)
        if self.content is None:
            self.add_error(None, _("Choose one of the approved templates."))
        elif not self.errors:
            try:
                refuse_unapproved(self.content)
                self.rendered = render(self.content, self.values, self.zone)
            except ContentRefused as refused:
                self.add_error(refused.path if refused.path in self.fields else None, refused.with_place)
        return cleaned

    def renewed(self) -> "ComposeForm":
        """The same for another message."""
        data = cast("QueryDict", self.data).copy()
        data["key"] = str(uuid.uuid4())
        return ComposeForm(data, channel=self.channel, values=self.values, zone=self.zone, start=self.start)

    def _content(self, cleaned: Mapping[str, Any]) -> Content | None:
        if self.channel is Channel.VIBER:
            filled = {name.removeprefix(_FIELD): text for name, text in cleaned.items() if name.startswith(_FIELD)}
            return replace(self.written, values=filled) if self.written else None
        return Content(
            channel=self.channel,
            subject=cleaned.get("subject", ""),
            link=cleaned.get("link", ""),
            image=cleaned.get("image", ""),
            body=cleaned.get("body", "").replace("\r\n", "\n"),
            format=Format(cleaned.get("format") or self._initial()["format"]),
            template=cleaned.get("template") or 0,
        )


def _line(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    """A text of one line with Liquid in it."""
    widget = forms.TextInput(attrs={**_WRITTEN, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=2_000, required=required, widget=widget, help_text=help_text)


def start_of(channel: Channel, asked: str | None) -> TemplateVersion | None:
    """The version of that number, if messages of the channel may start from it."""
    if not (asked and asked.isdecimal() and len(asked) < 19):
        return None
    # By its number: it is asked for at each pause of typing, and the texts of the others are not read then.
    return startable(channel).filter(pk=asked).first()
