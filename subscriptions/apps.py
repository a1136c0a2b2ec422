from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubscriptionsConfig(AppConfig):
    name = "subscriptions"
    verbose_name = _("Permission to send")

    def ready(self) -> None:
        from activity import deeds  # noqa: PLC0415 - models are there only now
        from contacts import filters, parts  # noqa: PLC0415
        from contacts.bulk import actions as bulk_actions  # noqa: PLC0415
        from contacts.erasure import personal_data  # noqa: PLC0415
        from contacts.imports import consents  # noqa: PLC0415
        from contacts.seeding import additions  # noqa: PLC0415
        from subscriptions import checks, erasure, importing, standing  # noqa: F401, PLC0415
        from subscriptions.bulk import actions  # noqa: PLC0415
        from subscriptions.deeds import DEEDS  # noqa: PLC0415
        from subscriptions.demo import add_demo_subscriptions  # noqa: PLC0415
        from subscriptions.listing import BLACKLISTED, RECEIVES, marks  # noqa: PLC0415
        from subscriptions.seeding import add_subscriptions  # noqa: PLC0415

        consents.register(importing.apply)
        deeds.register(DEEDS)
        filters.register(RECEIVES)
        filters.register(BLACKLISTED)
        filters.register_marks(marks)
        bulk_actions.register(*actions())
        additions.register(add_demo_subscriptions)
        additions.register_for_crowds(add_subscriptions)
        templates = {name: f"subscriptions/{name}.html" for name in ("labels", "panel", "actions")}
        parts.register(parts.Part(standing.standing_in, asks=standing.asked, **templates))
        personal_data.before_erasing(erasure.keep_refusals)
        personal_data.outlives("opt_outs", personal_data.Legacy(erasure.opt_outs_of, erasure.restore_opt_outs))
        personal_data.outlives("listings", personal_data.Legacy(erasure.listings_of, erasure.restore_listings))
        personal_data.goes_with_contact("subscriptions.Subscription")
        personal_data.goes_with_contact("subscriptions.ConsentRecord")
        personal_data.stays("subscriptions.OptOut", because="Digests of those who must not be written to.")
        personal_data.stays(
            "subscriptions.BlacklistEntry", because="Digests of those who must not be written to, without address."
        )
