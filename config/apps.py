from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config.celery import app  # noqa: PLC0415 - settings and models are there only now
        from config.roles import sync_roles  # noqa: PLC0415

        settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
        app.set_default()  # shared tasks are sent through it
        post_migrate.connect(sync_roles, sender=self, dispatch_uid="config.roles")
