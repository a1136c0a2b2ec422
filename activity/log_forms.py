"""The filters above the audit log."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity import deeds
from activity.feed_forms import PERIODS as WORDS
from activity.log import NOBODY, PERIODS, LogFilters
from activity.models import AuditEntry
from activity.selects import Select


class LogForm(forms.Form):
    """Shows the filters in force. An address is read by `LogFilters.read`, which makes the best of any."""

    use_required_attribute = False

    period = forms.ChoiceField(label=gettext_lazy("Period"), choices=[(each.value, WORDS[each]) for each in PERIODS])
    person = forms.ChoiceField(label=gettext_lazy("Person"), widget=Select)
    action = forms.ChoiceField(label=gettext_lazy("Action"), widget=Select)

    def __init__(self, filters: LogFilters, *, viewer: AbstractUser) -> None:
        super().__init__(initial={"period": filters.period.value} | filters.query(), auto_id="log-%s")
        if viewer.has_perm("activity.view_auditentry"):
            people = [("", _("Everybody")), *_people(), (NOBODY, _("Rapport itself"))]
            self.fields["person"].choices = people  # type: ignore[attr-defined]
        else:
            del self.fields["person"]
        self.fields["action"].choices = [("", _("All actions")), *deeds.known()]  # type: ignore[attr-defined]


def _people() -> list[tuple[str, str]]:
    """Those who have ever done something, by name."""
    active = get_user_model().objects.filter(Exists(AuditEntry.objects.filter(actor=OuterRef("pk"))))
    return sorted(((str(user.pk), user.get_full_name() or user.get_username()) for user in active), key=lambda p: p[1])
