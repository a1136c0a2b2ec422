from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self) -> None:
        from activity import handlers  # noqa: PLC0415 - models are there only now
        from contacts import exporting  # noqa: PLC0415
        from contacts.bulk import actions, steps  # noqa: PLC0415
        from contacts.bulk.erasing import DELETE  # noqa: PLC0415
        from contacts.deeds import register_deeds  # noqa: PLC0415
        from contacts.erasure.tables import register_tables  # noqa: PLC0415
        from contacts.imports.steps import HANDLER  # noqa: PLC0415

        handlers.register(HANDLER)
        handlers.register(exporting.HANDLER)
        register_deeds()
        handlers.register(steps.HANDLER)
        actions.register(DELETE)
        register_tables()
