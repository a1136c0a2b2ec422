from typing import Any

from django.core.management.base import BaseCommand

from messaging.providers.webpush.vapid import new_keys


class Command(BaseCommand):
    help = "Makes a pair of keys for web push. Browsers that have joined know the public one: keep both."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        private, public = new_keys()
        self.stdout.write(f"WEBPUSH_PRIVATE_KEY={private}")
        self.stdout.write(f"# The public one, which follows from it: {public}")
