from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from activity.selects import Select
from segments.drafts import Draft

register = template.Library()
# A list that is seen at one look.
_SHORT = 12


@register.simple_tag
def draft_select(
    draft: Draft, name: str, choices: Iterable[tuple[Any, Any]], label: str, **attributes: Any
) -> SafeString:
    """A drop-down list of one input of a draft; its choices are there even where what was chosen has gone."""
    chosen = draft.texts.get(name, "")
    options = list(choices)
    attrs = {key.replace("_", "-"): value for key, value in attributes.items() if value}
    identity = {"id": f"{draft.path}:{name}", "aria-label": label}
    return Select(choices=options).render(f"{draft.path}:{name}", chosen, attrs=identity | attrs)


@register.simple_tag
def fields_of(draft: Draft, fields: list[tuple[str, list[tuple[str, str]]]]) -> list[tuple[str, Any]]:
    """What the list of fields offers: all, and the one that is chosen where it is archived."""
    first: list[tuple[str, Any]] = [("", _("Choose what to ask…"))]
    chosen = draft.field
    if chosen is not None and chosen.is_archived:
        first.append((chosen.key, _("%(label)s (archived)") % {"label": chosen.label}))
    return [*first, *fields]


@register.simple_tag
def operators_of(draft: Draft) -> list[tuple[str, Any]]:
    operators: Mapping[str, Any] = draft.operators
    return [(key, operator.label) for key, operator in operators.items()]


@register.simple_tag
def text_of(draft: Draft, name: str) -> str:
    return draft.texts.get(name, "")


class Tick(NamedTuple):
    value: str
    label: str
    is_chosen: bool


@register.simple_tag
def ticks_of(draft: Draft) -> list[Tick]:
    """What can be ticked; of a long list what is chosen comes first. A value that is none any more can be given up."""
    choices = dict(draft.field.choices if draft.field else ())
    chosen = draft.listed
    gone = [] if draft.may_write_others else [Tick(value, value, True) for value in chosen if value not in choices]
    ticks = [Tick(value, label, value in chosen) for value, label in choices.items()]
    return [*gone, *(sorted(ticks, key=lambda tick: not tick.is_chosen) if len(ticks) > _SHORT else ticks)]


@register.simple_tag
def others_of(draft: Draft) -> str:
    """The values of a list that are not among those to choose from, as they are written."""
    choices = dict(draft.field.choices if draft.field else ())
    return "; ".join(value for value in draft.listed if value not in choices)
