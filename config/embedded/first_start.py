import secrets
from collections.abc import Mapping

from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db import transaction

from config.embedded.terminal import say

NO = {"", "0", "false", "no", "off"}


def first_start(environ: Mapping[str, str]) -> None:
    """On an installation without users: the administrator, and unless DEMO=0 the demo account. All of it or nothing."""
    if get_user_model().objects.exists():
        return
    with transaction.atomic():
        if environ.get("DEMO", "1").lower() not in NO and "seed" in get_commands():
            say("Making a demo account (DEMO=0 leaves it out)")
            call_command("seed", "--demo", verbosity=0)
        _make_admin(environ)


def _make_admin(environ: Mapping[str, str]) -> None:
    name = environ.get("ADMIN_USERNAME") or "admin"
    given = environ.get("ADMIN_PASSWORD")
    password = given or secrets.token_urlsafe(12)
    get_user_model().objects.create_superuser(username=name, email="", password=password)
    # Said before it is kept: after a crash in between, the next start makes another one.
    shown = "the given password" if given else f"the password {password}  (shown only this once)"
    say(f"Made the administrator {name} with {shown}")


def administrator() -> str | None:
    """The name to sign in with."""
    first = get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    return None if first is None else first.get_username()
