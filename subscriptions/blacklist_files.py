"""Blacklists as CSV: `identifier,reason[,note]` in, the same and who, when and how out."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings
from django.utils.translation import gettext as _

from activity.audit import Actor
from contacts import identity
from contacts.identity import Invalid
from subscriptions import blacklists
from subscriptions.blacklists import Listing
from subscriptions.facts import REASONS, Blacklist, Door, Reason

MOST_BYTES = 20 * 1024 * 1024
MOST_SHOWN = 200
_MOST_NOTE = 200
_CHUNK = 5_000
_DELIMITERS = ",;\t"
_HEADS = {"identifier", "address", "email", "phone", "phonenumber", "phone number"}
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unreadable(ValueError):
    """No such file can be read; the text says why and what would help."""


@dataclass
class Report:
    """What came of a file: how many were listed, were there already and were refused, the first of these with why."""

    listed: int = 0
    already: int = 0
    refused: int = 0
    reasons: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.refused += 1
        if len(self.reasons) < MOST_SHOWN:
            self.reasons.append((line, reason))


def normal(kind: Blacklist, text: str) -> str:
    """The address in the form in which it is compared. Raises `Invalid`."""
    if kind is Blacklist.EMAIL:
        return identity.email(text)
    return identity.phone(text, settings.DEFAULT_REGION)


def import_file(content: bytes, *, kind: Blacklist, actor: Actor) -> Report:
    """Lists every address of the file that can be read, in chunks; the others are reported. Raises `Unreadable`."""
    report = Report()
    listings = _listings(_rows(content), kind, report)
    while chunk := list(islice(listings, _CHUNK)):
        new = blacklists.add_many(kind=kind, listings=chunk, actor=actor, door=Door.ADMIN)
        report.listed += new
        report.already += len(chunk) - new
    return report


def exported(rows: Iterator[tuple[object, ...]]) -> Iterator[str]:
    """Lines of CSV: the head, then the rows, whose notes no spreadsheet takes for formulas."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["identifier", "reason", "note", "list", "by", "through", "since"])
    for identifier, reason, note, *rest in rows:
        text = str(note)
        writer.writerow([identifier or "", reason, f"'{text}" if text.startswith(_FORMULA) else text, *rest])
        if out.tell() > io.DEFAULT_BUFFER_SIZE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that have something in them, each with the line that it begins on."""
    text = _decoded(content)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begins = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not (begins == 1 and cells[0].casefold() in _HEADS):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(_("Line %(line)s cannot be read as CSV.") % {"line": begins}) from error


def _decoded(content: bytes) -> str:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(_("The file is neither UTF-8 nor UTF-16. Save it as “CSV UTF-8” and try again.")) from error


def _listings(rows: Iterator[tuple[int, list[str]]], kind: Blacklist, report: Report) -> Iterator[Listing]:
    for line, cells in rows:
        try:
            yield _listing(cells, kind)
        except Invalid as reason:
            report.refuse(line, str(reason))


def _listing(cells: list[str], kind: Blacklist) -> Listing:
    address, reason, note, *more = [*cells, "", ""][: max(3, len(cells))]
    if any(more):
        raise Invalid("columns", _("There are more than three columns: identifier, reason and note."))
    if not address:
        raise Invalid("blank", _("The identifier is missing."))
    if "\0" in note or len(note) > _MOST_NOTE:
        raise Invalid("note", _("The note is longer than %(most)s characters.") % {"most": _MOST_NOTE})
    return Listing(normal(kind, address), _reason(reason, kind), note)


def _reason(text: str, kind: Blacklist) -> Reason:
    known = {_plain(name): reason for reason in REASONS[kind] for name in (reason.value, str(reason.label))}
    if found := known.get(_plain(text)):
        return found
    words = ", ".join(reason.value for reason in REASONS[kind])
    if not text:
        raise Invalid("reason", _("The reason is missing. It is one of: %(reasons)s.") % {"reasons": words})
    facts = {"reason": text, "reasons": words}
    raise Invalid("reason", _("“%(reason)s” is no reason of this list. It is one of: %(reasons)s.") % facts)


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
