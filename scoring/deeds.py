"""What is done to score rules, in the words of the Activity Log."""

from django.contrib.auth.models import AbstractUser
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from activity.deeds import Deed, Entries, Subject, fields_of
from scoring.models import Rule
from scoring.writing import BOUNDS_SET

DEEDS = {
    "rule.add": Deed(_("Made a score rule")),
    "rule.change": Deed(_("Changed a score rule"), fields_of),
    "rule.archive": Deed(_("Paused a score rule")),
    "rule.restore": Deed(_("Resumed a score rule")),
    "rule.delete": Deed(_("Deleted a score rule")),
    BOUNDS_SET: Deed(_("Changed the bounds of scores")),
}


def rule_subjects(entries: Entries, viewer: AbstractUser) -> dict[int, Subject]:
    """Entries keep the names, which those have that are gone too."""
    may_see = viewer.has_perm("scoring.view_rule")
    there = set(Rule.objects.values_list("pk", flat=True)) if may_see else set()
    page = reverse("scoring:list")
    return {
        entry.pk: Subject(str(entry.details.get("name", "")), page if entry.object_id in there else "")
        for entry in entries
    }
