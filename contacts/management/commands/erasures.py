from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from activity.audit import Actor
from activity.commands import CommandOnTables
from contacts.erasure import aftermath, ledger
from contacts.erasure.erase import erase_many


class Command(CommandOnTables):
    """For the operator, once after a backup is restored: people who were erased since are erased once more.

    What they had refused before they were erased is refused again.
    """

    help = "Erases once more whom the ledger has: to be run after a backup is restored, before anybody is written to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["replay"])
        parser.add_argument(
            "--ledger", type=Path, default=settings.ERASURES_LEDGER, help="the ledger, where it is not at its place"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            refusals = ledger.restore(options["ledger"])
            returned = ledger.returned(options["ledger"])
        except FileNotFoundError:
            raise CommandError(f"There is no ledger at {options['ledger']}.") from None
        except ledger.Unreadable as error:
            raise CommandError(str(error)) from None
        erased = sum(len(each.contacts) for each in erase_many(returned, actor=Actor(name="shell")))
        waiting = aftermath.finish_due()
        self.stdout.write(f"{erased} contacts were there again and have been erased.")
        self.stdout.write(f"{refusals} opt-outs and black listings of erased people were missing and are back.")
        if waiting:
            self.stdout.write("Files of transfers under way follow when those have ended.")
