import argparse
import datetime
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import CommandError

from activity.commands import CommandOnTables
from contacts.seeding.adding import DEMO_SIZE, add_demo, add_people
from contacts.seeding.happenings import HEAVY, TooMany, add_events


class Command(CommandOnTables):
    help = (
        "Makes realistic contacts on the default list: names of several countries and scripts, email addresses at "
        "domains reserved for examples, valid phone numbers; also the sources and variables that they need and other "
        "components to show. On an account that has contacts the new ones are other people, numbered behind those; who "
        "would have an identifier of another contact is replaced, so that there are as many as asked for. Makes "
        "realistic histories for the "
        "contacts of that list, new ones and old ones. All or none of the contacts, and of the events, are added."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--contacts", type=_count, metavar="N", help="How many contacts to add.")
        parser.add_argument("--events", type=_count, metavar="M", help="How many events to add to their histories.")
        parser.add_argument(
            "--heavy",
            type=_count,
            default=0,
            metavar="K",
            help=f"How many contacts have {HEAVY:,} of these events each.",
        )
        parser.add_argument("--demo", action="store_true", help="Fill an account without contacts; else do nothing.")
        parser.add_argument("--seed", type=int, default=1, help="Another number makes other people (default: 1).")
        parser.add_argument(
            "--now", type=_day, metavar="DATE", help="Until when people were added and things happened (default: now)."
        )

    def handle(self, *_args: object, verbosity: int, **options: Any) -> None:
        options["now"] = options["now"] or datetime.datetime.now(datetime.UTC)
        for done in self._work(verbosity=verbosity, **options):
            if verbosity:
                self.stdout.write(done)

    def _work(
        self, *, contacts: int | None, events: int | None, heavy: int, demo: bool, **options: Any
    ) -> Iterator[str]:
        if demo == bool(contacts or events):
            raise CommandError("Say what to make: --contacts N, --events M, or both; or --demo.")
        if heavy and not events:
            raise CommandError("--heavy is about the events: say --events M too.")
        if demo:
            yield self._fill(options["now"])
        if contacts:
            yield self._timed(add_people, "contacts", count=contacts, **options)
        if events:
            yield self._timed(add_events, "events", count=events, heavy=heavy, **options)

    def _fill(self, now: datetime.datetime) -> str:
        is_filled = add_demo(now=now)
        return f"Added {DEMO_SIZE} contacts." if is_filled else "The account has contacts already: nothing was added."

    def _timed(
        self,
        add: Callable[..., None],
        what: str,
        *,
        count: int,
        seed: int,
        now: datetime.datetime,
        verbosity: int,
        heavy: int | None = None,
        **_options: object,
    ) -> str:
        started = time.monotonic()
        amounts = {"count": count} if heavy is None else {"count": count, "heavy": heavy}
        try:
            add(**amounts, seed=seed, now=now, report=self._progress(count, what, verbosity))
        except TooMany as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - started
        return f"Added {count:,} {what} in {seconds:.1f} s ({count / seconds:,.0f} a second)."

    def _progress(self, total: int, what: str, verbosity: int) -> Callable[[int], None]:
        """Tells on a terminal how many have been added, in one line that the last call clears."""

        def show(added: int) -> None:
            line = f"{added:,} of {total:,} {what}" if added < total else ""
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
