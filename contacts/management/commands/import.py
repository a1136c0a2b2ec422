import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.management.base import CommandError

from activity import transfers
from activity.audit import Actor
from activity.commands import CommandOnTables
from activity.models import Transfer
from activity.transfer_states import State
from contacts.imports.formats import Format, sample_rows
from contacts.imports.forms import MappingForm
from contacts.imports.mapping import Mapping, problems
from contacts.imports.presentation import pages_context
from contacts.imports.refusals import RefusedRows
from contacts.imports.start import start
from contacts.imports.storage import table


class Command(CommandOnTables):
    """The import of the pages from the shell: the same steps, the same checks, the same refusals."""

    help = "Imports contacts from a CSV or XLSX file. Columns are recognised by their names; others are left out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV or XLSX file; it is left as it is")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=TARGET",
            help="what a column becomes: a standard value (email, phoneNumber, …), new:string, new:number, new:date, "
            "new:boolean, variable:NAME, or nothing after the = to leave it out; may be repeated",
        )
        parser.add_argument("--dry-run", action="store_true", help="only check: say what would happen, change nothing")
        parser.add_argument("--refused", type=Path, metavar="FILE", help="where to write the refused rows")
        parser.add_argument("--date-order", choices=["", "dmy", "mdy"], default="", help="how 05/06/1990 is meant")
        parser.add_argument("--clear-blanks", action="store_true", help="blank cells clear the value")

    def handle(self, *_args: Any, **options: Any) -> None:
        transfer = self._started(options["file"])
        mapping = self._mapping(transfer, options)
        parameters = transfer.parameters | {"mapping": mapping.dump()}
        transfers.queue(transfer, step="check", actor=Actor(name="shell"), parameters=parameters)
        self._finish(transfer)
        if not options["dry_run"]:
            transfers.queue(transfer, step="run", actor=Actor(name="shell"))
            self._finish(transfer)
        self._report(transfer, options["refused"])
        if options["dry_run"]:
            transfers.cancel(transfer, actor=Actor(name="shell"))

    def _started(self, file: Path) -> Transfer:
        if not file.is_file():
            raise CommandError(f"{file} is not a file.")
        with TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
            copy = Path(shutil.copy(file, folder))
            transfer = start(file=copy, name=file.name, actor=Actor(name="shell"))
        self._finish(transfer)
        return transfer

    def _finish(self, transfer: Transfer) -> None:
        """Does the queued step here; where a worker was quicker, waits for it."""
        transfers.run_or_wait(transfer, tick=self._progress)
        if self._shows_progress:
            self.stderr.write("")
        if transfer.state == State.FAILED:
            raise CommandError(transfer.error)
        if transfer.state == State.CANCELLED:
            raise CommandError("The import was cancelled.")

    @property
    def _shows_progress(self) -> bool:
        return sys.stderr.isatty()

    def _progress(self, transfer: Transfer) -> None:
        if self._shows_progress:
            self.stderr.write(f"\r{transfer.step}: {intcomma(transfer.done)} rows", ending="")

    def _mapping(self, transfer: Transfer, options: dict[str, Any]) -> Mapping:
        format_ = Format.load(transfer.parameters["format"])
        form = MappingForm.suggested(sample_rows(table(transfer), format_), format_)
        wanted = dict(pair.rpartition("=")[::2] for pair in options["map"])
        for choice in form.choices:
            choice.target = wanted.pop(choice.header, choice.target)
        if wanted:
            raise CommandError(
                f"The file has no column {', '.join(wanted)}. It has: {', '.join(c.header for c in form.choices)}"
            )
        mapping = form.mapping(date_order=options["date_order"], clear_blanks=options["clear_blanks"])
        if found := problems(mapping, known=form.types, archived=form.archived):
            raise CommandError(" ".join(found))
        return mapping

    def _report(self, transfer: Transfer, refused: Path | None) -> None:
        context = pages_context(transfer)
        self.stdout.write("  ".join(f"{name}: {intcomma(count)}" for name, count in context["counts"].items()))
        for reason, count in context["reasons"]:
            self.stdout.write(f"  {intcomma(count)} × {reason}")
        if refused is not None:
            shutil.copy(RefusedRows(transfer.path).file, refused)
