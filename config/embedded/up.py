import os

import psycopg2
from django.core.management import call_command
from django.db import connections
from django.db.utils import DatabaseError

from config.embedded.errors import StartError, explain
from config.embedded.first_start import administrator, first_start
from config.embedded.parts import parts
from config.embedded.reachable import require_broker, require_database
from config.embedded.site import Site
from config.embedded.static import collect_static
from config.embedded.supervisor import Supervisor
from config.embedded.terminal import say


def run(site: Site) -> None:
    """Serves the site until it is interrupted. Raises StartError, with one sentence."""
    try:
        name = _prepare(site)
        Supervisor(site, parts(site.address, os.environ), when_ready=lambda: _welcome(site, name)).run()
    except (OSError, DatabaseError) as error:
        cause = error.__cause__ if isinstance(error, DatabaseError) else error
        if isinstance(cause, OSError | psycopg2.Error) and (sentence := explain(cause)):
            raise StartError(sentence) from error
        raise


def _prepare(site: Site) -> str | None:
    """Returns the administrator's name."""
    require_database()
    require_broker()
    call_command("migrate", interactive=False, verbosity=0)
    collect_static(site.folder.root / "run" / "static.stamp")
    first_start(os.environ)
    name = administrator()
    connections.close_all()
    return name


def _welcome(site: Site, name: str | None) -> None:
    say(f"Rapport is ready: {site.address.url}/")
    say(f"Sign in as {name}; Ctrl-C here stops it." if name else "Ctrl-C here stops it.")
