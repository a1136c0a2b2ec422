"""Reads bounces: manage.py bounces [--recipient …] < mail, or --maildir PATH, or --imap."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from activity.commands import CommandOnTables
from messaging.providers.smtp.mailboxes import read_imap, read_maildir, take_in


class Command(CommandOnTables):
    help = "Reads mails that came to return paths: one on standard input, a maildir's, or those of BOUNCES_IMAP_URL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--maildir", type=Path, help="a folder with cur, new and tmp")
        parser.add_argument("--imap", action="store_true", help="the mailbox of BOUNCES_IMAP_URL")
        parser.add_argument("--recipient", default="", help="whom the mail on standard input came for")

    def handle(self, *, maildir: Path | None, imap: bool, recipient: str, **_options: Any) -> None:
        if not settings.BOUNCE_ADDRESS:
            raise CommandError("BOUNCE_ADDRESS is not set: there are no return paths that mails could come back to.")
        if maildir and not (maildir / "new").is_dir():
            raise CommandError(f"{maildir} is no maildir: there is no folder “new” in it.")
        if imap and not settings.BOUNCES_IMAP_URL:
            raise CommandError("BOUNCES_IMAP_URL is not set.")
        if maildir:
            mails, news = read_maildir(maildir)
        elif imap:
            mails, news = read_imap(settings.BOUNCES_IMAP_URL)
        else:
            mails, news = 1, take_in(sys.stdin.buffer.read(), recipient=recipient)
        self.stdout.write(f"{mails} mails read, {news} of what they tell is new.")
