"""Refused rows: the file that can be mended and imported again, and their reasons, counted."""

import csv
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from activity.exports.guard import guard, unguard
from contacts.imports.columns import REFUSAL_COLUMNS
from contacts.imports.parsing import Refusal

LABELS = {
    "broken": _("A quote left open"),
    "too_short": _("Too few cells"),
    "too_long": _("Too many cells"),
    "blank": _("Nothing visible in a cell"),
    "too_much_text": _("Longer than what can be kept"),
    "encoding": _("Bytes of another encoding"),
    "no_identifier": _("No ID, email or phone number"),
    "two_contacts": _("Identifiers of different contacts"),
    "other_user_id": _("Belongs to a contact with another ID"),
    "other_email": _("Belongs to a contact with another email"),
    "erased": _("Erased after the file had been uploaded"),
    "source": _("Source not registered in Components"),
    "user_id_control": _("Not a userId"),
    "email": _("Not an email address"),
    "email_domain": _("Not an email address"),
    "email_many": _("Several email addresses in one cell"),
    "phone": _("Not a phone number"),
    "phone_region": _("Phone number without a country code"),
    "phone_extension": _("Phone number with an extension"),
    "phone_many": _("Several phone numbers in one cell"),
    "phone_spreadsheet": _("Phone number that a spreadsheet has rounded"),
    "name_control": _("Control characters in a name"),
    "birthday_future": _("Birthday in the future"),
    "birthday_old": _("Birthday before 1900"),
    "date": _("Not a date"),
    "date_ambiguous": _("Date that could be read in two ways"),
    "date_year": _("Date without a year, or with an impossible one"),
    "gender": _("Not a gender"),
    "language": _("Not a language"),
    "language_country": _("A country’s code instead of a language’s"),
    "timezone": _("Not a time zone"),
    "timezone_offset": _("Not a time zone"),
    "avatar": _("Not a link to a picture"),
    "avatar_https": _("Link to a picture without https"),
    "avatar_credentials": _("Link to a picture with a password"),
    "number": _("Not a number"),
    "number_ambiguous": _("Number that could be read in two ways"),
    "number_size": _("Number with too many digits"),
    "score": _("Not a whole number, or too large a score"),
    "boolean": _("Neither yes nor no"),
    "string_character": _("Characters that cannot be kept"),
}


def label_of(code: str) -> str:
    """A refusal's code in words, for counting by."""
    return str(LABELS["too_much_text"] if code.endswith("_long") and code != "too_long" else LABELS.get(code, code))


class RefusedRows:
    """The refused rows of one step of a transfer: a part a chunk, so that a chunk done again replaces its part."""

    def __init__(self, folder: Path) -> None:
        self.parts = folder / "refused"
        self.file = folder / "refused.csv"

    def clear(self) -> None:
        shutil.rmtree(self.parts, ignore_errors=True)
        self.file.unlink(missing_ok=True)

    def write(self, chunk: int, refusals: Iterable[Refusal], *, width: int) -> None:
        """Writes the part of a chunk; before the chunk's commit, so that no refusal is lost.

        A row of less than `width` cells is filled up, so that row number and reason stand in their columns; not one
        that could not be divided into cells, or its text might pass for a value when the file is imported again.
        """
        self.parts.mkdir(exist_ok=True)
        unfinished = self.parts / "unfinished"
        with unfinished.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file)
            for refusal in refusals:
                row = refusal.row
                missing = 0 if row.broken else width - len(row.cells)
                writer.writerow([*map(guard, row.cells), *[""] * missing, row.number, guard(refusal.reason)])
        unfinished.rename(self.parts / f"{chunk:08}.csv")

    def join(self, header: list[str], *, parts: int | None = None) -> None:
        """Makes the one file of all (or the first `parts`) parts: original columns, then row number and reason."""
        with self.file.open("w", encoding="utf-8-sig", newline="") as target:
            csv.writer(target).writerow([*map(guard, header), *REFUSAL_COLUMNS])
            for part in sorted(self.parts.glob("*.csv"))[:parts]:
                with part.open(encoding="utf-8", newline="") as source:
                    shutil.copyfileobj(source, target)

    def first(self, count: int) -> list[tuple[str, str, list[str]]]:
        """(row number, reason, cells) of the first refusals."""
        return [(cells[-2], unguard(cells[-1]), cells[:-2]) for cells in islice(self._rows(), count)]

    def _rows(self) -> Iterator[list[str]]:
        if self.file.exists():
            with self.file.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.reader(file)
                next(rows, None)
                yield from rows
