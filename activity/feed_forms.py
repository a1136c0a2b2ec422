"""The filters above a feed. What each offers depends on those before it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from django import forms
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity.catalogue import Channel, origins_of, statuses_of
from activity.feed import Filters, Period
from activity.labels import CHANNELS, STATUSES, origin_label
from activity.markup import filled, joined
from activity.selects import Select

PERIODS = {
    Period.WEEK: gettext_lazy("7 days"),
    Period.FORTNIGHT: gettext_lazy("14 days"),
    Period.MONTH: gettext_lazy("30 days"),
    Period.ALL: gettext_lazy("All time"),
}


_FIELD = '<label class="filter{}">{}{}</label>'


class FeedForm(forms.Form):
    """Shows the filters in force. An address is read by `Filters.read`, which makes the best of any."""

    # Everything may be left as it is.
    use_required_attribute = False

    channel = forms.ChoiceField(label=gettext_lazy("Channel"), widget=Select)
    origin = forms.ChoiceField(label=gettext_lazy("Origin"), widget=Select)
    status = forms.ChoiceField(label=gettext_lazy("Status"), widget=Select)
    period = forms.ChoiceField(label=gettext_lazy("Period"), widget=Select)
    order = forms.ChoiceField(label=gettext_lazy("Order"), widget=Select)

    def __init__(self, filters: Filters) -> None:
        super().__init__(initial={"period": filters.period.value} | filters.query(), auto_id="feed-%s")
        statuses = statuses_of(filters.channel, filters.origin)
        choices: dict[str, Sequence[tuple[str, str | Promise]]] = {
            "channel": [("", _("All channels")), *((each.slug, CHANNELS[each]) for each in Channel)],
            "origin": [
                ("", _("All origins")),
                *((each.slug, origin_label(each, filters.channel)) for each in origins_of(filters.channel)),
            ],
            "status": [("", _("All statuses")), *((each.slug, STATUSES[each]) for each in statuses)],
            "period": [(each.value, label) for each, label in PERIODS.items()],
            "order": [("", _("Newest first")), ("oldest", _("Oldest first"))],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        # Of events without a status there is nothing to choose.
        self.fields["status"].disabled = not statuses


@lru_cache(maxsize=512)
def fields(filters: Filters, _language: str | None) -> SafeString:
    """The drop-down lists of a form as HTML, in the language that is active: no contact has others."""
    return joined("\n", _FIELD, (_shown(field) for field in FeedForm(filters)))


def _shown(field: forms.BoundField) -> tuple[str, SafeString, forms.BoundField]:
    hidden = field.name == "order"  # its options say it
    label = filled('<span class="visually-hidden">{}</span>' if hidden else "<span>{}</span>", field.label)
    return " feed-order" if hidden else "", label, field


def is_adjusted(query: Mapping[str, str], filters: Filters) -> bool:
    """Whether an address asked for filters that do not go together, so that others are in force."""
    wanted = {name: query.get(name, "") for name in ("channel", "origin", "status")}
    return any(slug and slug != filters.query().get(name) for name, slug in wanted.items())
