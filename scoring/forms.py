from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activity.audit import Actor
from activity.components import Impossible
from scoring.models import MOST_POINTS, Rule, Scoring
from scoring.rules import SCORE
from scoring.writing import change, checked, create, set_bounds
from segments.choices import field_choices
from segments.conditions import MOST_TIMES, Group, Wrong
from segments.drafts import Draft, empty
from segments.fields import fields
from segments.forms import DefinitionForm
from segments.kinds import Field, Kind
from segments.writing import ChangedMeanwhile

EACH, ONCE = "each", "once"


class RuleForm(DefinitionForm):
    """A score rule as it is being made or changed."""

    gives = forms.ChoiceField(
        label=_("Points are given"),
        choices=[(EACH, _("for each time that somebody does something")), (ONCE, _("once, while conditions hold"))],
        widget=forms.RadioSelect,
    )
    points = forms.IntegerField(label=_("Points"), min_value=-MOST_POINTS, max_value=MOST_POINTS)
    most = forms.IntegerField(label=_("Times at most"), min_value=1, max_value=MOST_TIMES, required=False)

    def __init__(self, data: QueryDict | None = None, *, rule: Rule | None = None) -> None:
        kept: dict[str, Any] = {"gives": EACH, "points": 1, "most": MOST_TIMES}
        if rule:
            gives = EACH if rule.each_time else ONCE
            kept = {"name": rule.name, "gives": gives, "points": rule.points, "most": rule.most, "seen": rule.version}
        super().__init__(data, initial=kept, shown=rule.definition if rule else None)
        self.rule = rule
        # Whether the form was sent with more than can be counted, which nobody has seen go.
        self.has_given_up = False
        if self.each_time:
            self._leave_one_deed()
        else:
            # Nobody sees it then, so what it says is not to be wrong.
            self.fields["most"].disabled = True

    @property
    def each_time(self) -> bool:
        return str(self["gives"].value()) != ONCE

    @cached_property
    def known(self) -> dict[str, Field]:
        return {key: field for key, field in fields().items() if key != SCORE}

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        of_deeds = {key: field for key, field in self.known.items() if field.kind is Kind.DEED}
        return field_choices(of_deeds if self.each_time else self.known)

    def _leave_one_deed(self) -> None:
        """What was asked for before is no longer, but for the first of it that can be counted."""
        first = next((each for each in self.draft.members if each.field and each.field.kind is Kind.DEED), None)
        self.has_given_up = self.is_bound and not _is_one_deed(self.draft, first)
        self.draft = empty()
        if first is not None:
            first.texts |= {"op": "at_least", "times": "1"}
            self.draft.members = [first]
            self.draft.renumber()

    def read(self) -> Group:
        return checked(self.draft.as_json(), each_time=self.each_time)

    def clean_points(self) -> int:
        points = int(self.cleaned_data["points"])
        if not points:
            raise ValidationError(_("Nought points change nothing."))
        return points

    def clean_most(self) -> int:
        return self.cleaned_data["most"] or MOST_TIMES

    @property
    def values(self) -> dict[str, Any] | None:
        """What the rule gives and how often; None where the form cannot tell."""
        if not self.is_bound:
            return {name: self.initial[name] for name in ("points", "most")} | {"each_time": self.each_time}
        self.is_valid()
        if not {"points", "most"} <= self.cleaned_data.keys():
            return None
        return {name: self.cleaned_data[name] for name in ("points", "most")} | {"each_time": self.each_time}

    def save(self, *, actor: Actor) -> Rule | None:
        """Keeps it; None where the form says why it cannot be."""
        if not self.is_valid() or self.definition is None or self.values is None:
            return None
        if self.has_given_up:
            self.mistakes = [
                gettext("Only one thing can be counted each time. What is left is shown below: save it again.")
            ]
            return None
        values = self.values | {"name": self.cleaned_data["name"], "definition": self.definition.as_json()}
        try:
            if self.rule is None:
                return create(**values, actor=actor)
            change(rule=self.rule, seen=self.cleaned_data["seen"] or 0, actor=actor, **values)
        except Wrong as wrong:
            self.mistakes = self.draft.tell(wrong.mistakes)
        except (ChangedMeanwhile, Impossible) as error:
            self.mistakes = [str(error)]
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self.add_error(name if name in self.fields else "name", messages)
        return None if self.errors or self.mistakes else self.rule


def _is_one_deed(draft: Draft, deed: Draft | None) -> bool:
    """Whether a draft asks for nothing but that, each time: what has no field yet asks for nothing."""
    asked = [each for each in draft.leaves() if each.texts.get("field")]
    if deed is None:
        return not asked
    is_plain = deed.operator is None or (deed.operator.key == "at_least" and deed.texts.get("times", "1") in ("", "1"))
    return asked == [deed] and is_plain and not draft.is_turned_round


class BoundsForm(forms.ModelForm[Scoring]):
    class Meta:
        model = Scoring
        fields = ("lowest", "highest")

    def save_bounds(self, *, actor: Actor) -> bool:
        """Returns whether they are kept; the form says why they are not."""
        if self.is_valid():
            try:
                set_bounds(**self.cleaned_data, actor=actor)
            except ValidationError as error:
                self.add_error(None, error)
        return not self.errors
