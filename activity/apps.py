from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    name = "activity"
    verbose_name = _("Activity")

    def ready(self) -> None:
        from activity import deeds, handlers  # noqa: PLC0415 - models are there only now
        from activity.exports import feed  # noqa: PLC0415
        from activity.models import CustomEventType  # noqa: PLC0415

        handlers.register(feed.HANDLER)
        deeds.register({"events.drop_month": deeds.Deed(_("Removed events older than are kept"))})
        deeds.register_transfer(feed.KIND, feed.DEEDS)
        deeds.register_naming("activity.transfer", deeds.transfer_subjects)
        deeds.register_component(CustomEventType)
