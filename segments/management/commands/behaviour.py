import time

from django.core.management.base import BaseCommand

from segments import behaviour


class Command(BaseCommand):
    help = (
        "Adds up anew what contacts did, from all their events, and has all segments evaluated. Needed only after "
        "events have come or gone without the product, such as by restoring a part of a backup."
    )

    def handle(self, *_args: object, **_options: object) -> None:
        started = time.monotonic()
        rows = behaviour.rebuild()
        self.stdout.write(f"{rows:,} rows of behaviour in {time.monotonic() - started:.1f} s.")
