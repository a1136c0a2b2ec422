import argparse
import datetime
import time
from collections.abc import Callable
from typing import Any

from activity.commands import CommandOnTables
from contacts.seeding.adding import DEMO_SIZE, add_demo, add_people


class Command(CommandOnTables):
    help = (
        "Makes realistic contacts on the default list: names of several countries and scripts, email addresses at "
        "domains reserved for examples, valid phone numbers; also the sources and variables that they need and other "
        "components to show. All or none of them are added. On an account that has contacts the new ones are other "
        "people, numbered behind those; who would have an identifier of another contact is replaced, so that there are "
        "as many as asked for."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--contacts", type=_count, metavar="N", help="How many contacts to add.")
        what.add_argument("--demo", action="store_true", help="Fill an account without contacts; else do nothing.")
        parser.add_argument("--seed", type=int, default=1, help="Another number makes other people (default: 1).")
        parser.add_argument(
            "--now", type=_day, default=_today(), metavar="DATE", help="Until when people were added (default: today)."
        )

    def handle(self, *args: object, **options: Any) -> None:
        done = self._fill(**options) if options["demo"] else self._add(**options)
        if options["verbosity"]:
            self.stdout.write(done)

    def _fill(self, *, now: datetime.datetime, **_options: object) -> str:
        is_filled = add_demo(now=now)
        return f"Added {DEMO_SIZE} contacts." if is_filled else "The account has contacts already: nothing was added."

    def _add(self, *, contacts: int, seed: int, now: datetime.datetime, verbosity: int, **_options: object) -> str:
        started = time.monotonic()
        add_people(count=contacts, seed=seed, now=now, report=self._progress(contacts, verbosity))
        seconds = time.monotonic() - started
        return f"Added {contacts:,} contacts in {seconds:.1f} s ({contacts / seconds:,.0f} a second)."

    def _progress(self, total: int, verbosity: int) -> Callable[[int], None]:
        """Tells on a terminal how many have been added, in one line that the last call clears."""

        def show(added: int) -> None:
            line = f"{added:,} of {total:,} contacts" if added < total else ""
            self.stderr.write(f"\r\033[K{line}", self.style.NOTICE, ending="")
            self.stderr.flush()

        return show if verbosity and self.stderr.isatty() else lambda _added: None


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number from 1")
    return int(text)


def _day(text: str) -> datetime.datetime:
    """The start of a day, in UTC."""
    try:
        return datetime.datetime.combine(datetime.date.fromisoformat(text), datetime.time(), datetime.UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date: write YYYY-MM-DD") from None


def _today() -> datetime.datetime:
    return _day(datetime.datetime.now(datetime.UTC).date().isoformat())
