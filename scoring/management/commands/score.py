import time

from django.core.management.base import BaseCommand

from scoring import keeping


class Command(BaseCommand):
    help = "Computes the scores of all contacts anew, by the rules as they are, without waiting for a worker."

    def handle(self, *_args: object, **_options: object) -> None:
        started = time.monotonic()
        changed = keeping.recompute()
        self.stdout.write(f"This has changed {changed:,} scores, in {time.monotonic() - started:.1f} s.")
