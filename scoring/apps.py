from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = _("Scores")

    def ready(self) -> None:
        from activity import components, deeds  # noqa: PLC0415 - models are there only now
        from contacts import parts  # noqa: PLC0415
        from contacts.erasure import personal_data  # noqa: PLC0415
        from contacts.seeding import additions  # noqa: PLC0415
        from contacts.views import components as kinds  # noqa: PLC0415
        from scoring import keeping  # noqa: PLC0415
        from scoring.computing import compute  # noqa: PLC0415
        from scoring.deeds import DEEDS, rule_subjects  # noqa: PLC0415
        from scoring.demo import add_demo_rules, add_rules  # noqa: PLC0415
        from scoring.models import Rule  # noqa: PLC0415
        from scoring.uses import objection, segment_objection  # noqa: PLC0415
        from segments import followers  # noqa: PLC0415

        followers.register(followers.Follower(keeping.note, compute, keeping.renew, segment_objection))
        components.register_objection(objection)
        kinds.register(
            kinds.Kind(
                Rule,
                _("Score rules"),
                _("What contacts get points for, or lose them; the score of each is made of these."),
                "trophy",
                "scoring:list",
                "scoring:add",
            )
        )
        parts.register(parts.Part(lambda _contact, _known: None, fact="scoring/fact.html"))
        additions.register(add_demo_rules)
        additions.register_for_crowds(add_rules)
        personal_data.stays("scoring.Rule", because="It is of the account: what staff give points for.")
        personal_data.stays("scoring.Scoring", because="It is of the account: bounds of scores.")
        deeds.register(DEEDS)
        deeds.register_naming(Rule._meta.label_lower, rule_subjects)
