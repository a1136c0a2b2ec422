"""The rules that make scores of what contacts did and are, and how far scores follow them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from activity.constraints import UniqueInAnyCase
from activity.models import ArchivableComponent
from contacts.component_fields import validate_line
from contacts.scores import MOST_BASE
from segments.conditions import MOST_TIMES
from segments.models import MAX_NAME

MOST_POINTS = 1_000
# All rules together, each as often as it can count: what a score can hold beside its base.
MOST_RULES = 100


class Rule(ArchivableComponent):
    """So many points for each time that a contact did something, or once while conditions hold; archived: paused.

    `definition` is the JSON of `segments.conditions`. Where `each_time` it is one condition on what contacts did: its
    days, origin, campaign and data say which times count, of which the last `most` do. `version` counts changes.
    """

    name = models.CharField(_("name"), max_length=MAX_NAME, validators=[validate_line])
    definition = models.JSONField(_("definition"))
    each_time = models.BooleanField(_("each time"))
    points = models.SmallIntegerField(
        _("points"), validators=[MinValueValidator(-MOST_POINTS), MaxValueValidator(MOST_POINTS)]
    )
    most = models.PositiveSmallIntegerField(
        _("times at most"), default=MOST_TIMES, validators=[MinValueValidator(1), MaxValueValidator(MOST_TIMES)]
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    # Whether what it gives changes as days go by.
    is_relative = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created"), default=now, editable=False)

    class Meta:
        verbose_name = _("score rule")
        verbose_name_plural = _("score rules")
        ordering = [Lower("name")]
        constraints = [
            UniqueInAnyCase(
                Lower("name"),
                name="score_rule_name",
                violation_error_message=_("There is a score rule of this name already."),
            ),
            models.CheckConstraint(condition=~Q(points=0), name="score_rule_points"),
        ]

    def __str__(self) -> str:
        return self.name


class Scoring(models.Model):
    """The one row of the account: bounds of every score, and how far scores follow the rules.

    `key` stands for all that scores are computed by. Everybody up to the contact `after` has been looked at by it; all
    have been where that is null.
    """

    lowest = models.IntegerField(
        _("at least"), null=True, blank=True, validators=[MinValueValidator(-MOST_BASE), MaxValueValidator(MOST_BASE)]
    )
    highest = models.IntegerField(
        _("at most"), null=True, blank=True, validators=[MinValueValidator(-MOST_BASE), MaxValueValidator(MOST_BASE)]
    )
    key = models.CharField(max_length=64, default="", editable=False)
    after = models.BigIntegerField(null=True, default=0, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("bounds of scores")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.lowest} … {self.highest}"

    @classmethod
    def present(cls) -> "Scoring":
        return cls._default_manager.get_or_create(pk=1)[0]

    @classmethod
    def held(cls) -> "Scoring":
        """The same, which nobody else changes before this transaction ends."""
        cls.present()
        return cls._default_manager.select_for_update().get(pk=1)


class Pending(models.Model):
    """That a contact has changed and its score has not been looked at since; emptied within seconds."""

    # Neither a foreign key nor unique: whoever changes contacts waits for nobody.
    contact_id = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.contact_id)
