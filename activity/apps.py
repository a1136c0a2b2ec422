from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    name = "activity"
    verbose_name = _("Activity")

    def ready(self) -> None:
        from activity import handlers  # noqa: PLC0415 - models are there only now
        from activity.exports.feed import HANDLER  # noqa: PLC0415

        handlers.register(HANDLER)
