"""After a new key was put first in CREDENTIAL_KEYS: manage.py credentials reseal"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from activity.commands import CommandOnTables
from messaging.credentials.keeping import reseal
from messaging.credentials.sealing import Unreadable


class Command(CommandOnTables):
    help = "Encrypts the credentials of providers by the first of CREDENTIAL_KEYS, so that the other keys can go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["reseal"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            self.stdout.write(f"{reseal()} accounts are encrypted by the first key.")
        except Unreadable:
            raise CommandError("An account was encrypted by a key that is not among CREDENTIAL_KEYS.") from None
