from axes.apps import AppConfig as AxesConfig
from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from config.celery import app  # noqa: PLC0415 - settings and models are there only now
        from config.roles import sync_roles  # noqa: PLC0415

        settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
        app.set_default()  # shared tasks are sent through it
        post_migrate.connect(sync_roles, sender=self, dispatch_uid="config.roles")


class SignInsConfig(AxesConfig):  # type: ignore[misc]  # axes has no types
    """Failed attempts to sign in, under a name that says so in the administration."""

    verbose_name = _("Sign-ins")
