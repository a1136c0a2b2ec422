import sys

from django.core.management.base import BaseCommand

from config.embedded.errors import StartError
from config.embedded.site import claimed
from config.embedded.up import run


class Command(BaseCommand):
    help = "Runs the whole site on this machine, with its own PostgreSQL and Valkey, until Ctrl-C."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        try:
            run(claimed())
        except StartError as error:
            sys.exit(str(error))
