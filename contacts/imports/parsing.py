"""From rows of text to lines of PostgreSQL's COPY, or to the reason why not."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

from contacts import identity
from contacts.identity.text import BLANK
from contacts.imports import consents
from contacts.imports.mapping import IDENTIFIERS, Column, Mapping
from contacts.imports.reading import Row
from contacts.scores import score_base
from contacts.values import Reader, readers
from contacts.variable_types import to_json

# Of a chunk. Rows that share an identifier with an earlier one are merged one after the other, so there may be few.
MOST_ROWS = 25_000
MOST_CHARACTERS = 16_000_000
MOST_DEPENDENT_ROWS = 500
# The first chunk; each further one has twice as many, so that progress shows at once.
FIRST_ROWS = 1_000

# Of what is in a column, texts that are likely to come again.
_MOST_REMEMBERED = 10_000
_LONGEST_REMEMBERED = 60
_UNIQUE = {"userId", "email", "phoneNumber", "avatarUrl"}

Values = list[str | None]
_TO_ESCAPE = re.compile(r"[\\\t\n\r]")


@dataclass(frozen=True)
class Refusal:
    """Why a row is not imported: all reasons in words, and the first as a code to count by."""

    row: Row
    code: str
    reason: str


@dataclass
class Chunk:
    """Consecutive rows, ready to be merged."""

    number: int
    last_row: int = 0
    # Lines of COPY's text format: the row's number, the mapped fields, the variables.
    lines: list[bytes] = field(default_factory=list)
    # The rows behind each line, by the number of the first: neighbours with the same identifiers are one line.
    rows: dict[int, list[Row]] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    seen: int = 0
    dependent: int = 0

    @property
    def repeated(self) -> int:
        return sum(map(len, self.rows.values())) - len(self.rows)


def readers_of(order: str, *, region: str, sources: dict[str, int]) -> dict[str, Reader]:
    """How a cell of each target is read: to the normal value as text, or `identity.Invalid`."""
    standard = readers(order, region=region, sources=lambda: sources)
    first = {name: _first_with(standard[name]) for name in ("email", "phoneNumber")}
    others = {"fullName": identity.name, "scoreBase": lambda text: str(score_base(text))}
    return standard | first | others | dict.fromkeys(consents.FIELDS, _boolean)


def _boolean(text: str) -> str:
    return "t" if identity.boolean(text) else "f"


def _first_with(read: Reader) -> Reader:
    return lambda text: read(_first_of(text))


def _remembering(read: Reader) -> Reader:
    """The same reader, that reads only once what many rows have in common."""
    known = lru_cache(maxsize=_MOST_REMEMBERED)(read)
    return lambda text: known(text) if len(text) <= _LONGEST_REMEMBERED else read(text)


class RowParser:
    """Turns rows into chunks by one mapping.

    `region` reads national phone numbers; `sources` gives a source's id by its lower-cased id or name.
    """

    def __init__(self, mapping: Mapping, *, region: str, sources: dict[str, int]) -> None:
        self.mapping = mapping
        self.fields = [name for name in IDENTIFIERS if name in mapping.fields]
        self.identifiers = len(self.fields)
        self.fields += [name for name in mapping.fields if name not in self.fields]
        self.first_consent = len(self.fields)
        self.fields += [consents.FIELDS[key] for key in mapping.consents]
        readers = readers_of(mapping.date_order, region=region, sources=sources)
        readers |= {name: _remembering(read) for name, read in readers.items() if name not in _UNIQUE}
        self.plan = [(c, self.fields.index(c.fields[0]), readers[c.target]) for c in mapping.columns if c.target]
        self.variables = [(column, _remembering(self._variable_reader(column.type))) for column in mapping.variables]
        self.variables_slot = len(self.fields)

    def chunks(self, rows: Iterable[Row], *, first: int = 0) -> Iterator[Chunk]:
        """Divides rows into chunks, always at the same places for the same file, so that a restart finds them again."""
        chunk, builder, characters = Chunk(first), _Builder(self), 0
        for row in rows:
            builder.add(chunk, row)
            chunk.last_row = row.number
            chunk.seen += 1
            characters += sum(map(len, row.cells))
            if (
                chunk.seen >= min(MOST_ROWS, FIRST_ROWS << min(chunk.number, 16))
                or characters >= MOST_CHARACTERS
                or chunk.dependent >= MOST_DEPENDENT_ROWS
            ):
                yield builder.finish(chunk)
                chunk, builder, characters = Chunk(chunk.number + 1), _Builder(self), 0
        if chunk.seen:
            yield builder.finish(chunk)

    def values(self, cells: list[str]) -> tuple[Values, dict[str, str]]:
        """The fields' values and the variables' JSON. Raises `identity.Invalid`, its text beginning with the column."""
        values: Values = [None] * len(self.fields)
        for column, slot, read in self.plan:
            cell = cells[column.index]
            if cell.strip(BLANK):
                try:
                    value = read(cell)
                except identity.Invalid as error:
                    raise _in(column, error) from error
                if column.target == "fullName":
                    value, _space, last_name = value.partition(" ")
                    values[slot + 1] = last_name or None
                values[slot] = value
        if not any(values[: self.identifiers]):
            raise identity.Invalid("no_identifier", _("There is no ID, email or phone number in this row"))
        return values, self._variables(cells) if self.variables else {}

    def faults(self, cells: list[str]) -> list[str]:
        """All that is wrong with a row that `values` refuses, each beginning with its column."""
        read_by = [*((column, read) for column, _slot, read in self.plan), *self.variables]
        return [fault for column, read in read_by if (fault := _fault(column, read, cells[column.index]))]

    def _variable_reader(self, type_: str) -> Reader:
        return lambda text: to_json(type_, text, order=self.mapping.date_order)

    def _variables(self, cells: list[str]) -> dict[str, str]:
        found = {}
        for column, read in self.variables:
            cell = cells[column.index]
            if cell.strip(BLANK):
                try:
                    found[column.variable] = read(cell)
                except identity.Invalid as error:
                    raise _in(column, error) from error
            elif self.mapping.clear_blanks:
                found[column.variable] = "null"
        return found


@dataclass
class _Line:
    number: int
    key: tuple[str | None, ...]
    values: Values
    variables: dict[str, str]


class _Builder:
    """Collects one chunk: folds a row into the one before it where their identifiers are the same."""

    def __init__(self, parser: RowParser) -> None:
        self.parser = parser
        self.lines: list[_Line] = []
        self.taken: list[set[str]] = [set() for _name in range(parser.identifiers)]

    def add(self, chunk: Chunk, row: Row) -> None:
        refusal = self._misshapen(row)
        if refusal is None:
            try:
                values, variables = self.parser.values(row.cells)
            except identity.Invalid as error:
                reason = "; ".join(self.parser.faults(row.cells)) or str(error)
                refusal = _bad_bytes(row) if _undecoded(row) else Refusal(row, error.code, reason)
        if refusal is not None:
            chunk.refusals.append(refusal)
            return
        key = tuple(values[: self.parser.identifiers])
        if self.lines and self.lines[-1].key == key:
            self._fold(self.lines[-1], values, variables)
            chunk.rows[self.lines[-1].number].append(row)
            return
        self.lines.append(_Line(row.number, key, values, variables))
        chunk.rows[row.number] = [row]
        chunk.dependent += self._shares(key)

    def _misshapen(self, row: Row) -> Refusal | None:
        width = self.parser.mapping.width
        if row.broken:
            return Refusal(row, "broken", _("The row cannot be divided into cells: a quote may have been left open"))
        if len(row.cells) == width:
            return None
        reason = _("The row has %(cells)s cells instead of %(width)s") % {"cells": len(row.cells), "width": width}
        return Refusal(row, "too_short" if len(row.cells) < width else "too_long", reason)

    def _shares(self, key: tuple[str | None, ...]) -> bool:
        shared = False
        for taken, value in zip(self.taken, key, strict=True):
            if value is not None:
                shared = shared or value in taken
                taken.add(value)
        return shared

    def _fold(self, earlier: _Line, values: Values, variables: dict[str, str]) -> None:
        clear = self.parser.mapping.clear_blanks
        for slot, value in enumerate(values):
            if slot >= self.parser.first_consent:
                # Row by row, a later one could not loosen what an earlier one has closed.
                known = [each for each in (earlier.values[slot], value) if each]
                earlier.values[slot] = min(known, default=None)
            elif value is not None or (clear and slot >= self.parser.identifiers):
                earlier.values[slot] = value
        earlier.variables.update(variables)

    def finish(self, chunk: Chunk) -> Chunk:
        for line in self.lines:
            try:
                chunk.lines.append(_copy_line(line))
            except UnicodeEncodeError:
                chunk.refusals += map(_bad_bytes, chunk.rows.pop(line.number))
        chunk.refusals.sort(key=lambda refusal: refusal.row.number)
        return chunk


def _copy_line(line: _Line) -> bytes:
    document = "{" + ",".join(f'"{name}":{value}' for name, value in line.variables.items()) + "}"
    cells = [*line.values, document]
    if _TO_ESCAPE.search("".join(filter(None, cells))):
        cells = [cell and _escaped(cell) for cell in cells]
    return "\t".join([str(line.number), *("\\N" if cell is None else cell for cell in cells)]).encode() + b"\n"


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _first_of(text: str) -> str:
    """Google Contacts writes several addresses into one cell, the main one first."""
    return text.partition(" ::: ")[0] if ":::" in text else text


def _fault(column: Column, read: Reader, cell: str) -> str:
    """What is wrong with a cell, in words; "" where nothing is."""
    try:
        if cell.strip(BLANK):
            read(cell)
    except identity.Invalid as error:
        return str(_in(column, error))
    return ""


def _in(column: Column, error: identity.Invalid) -> identity.Invalid:
    return identity.Invalid(error.code, "%(column)s: %(reason)s", column=column.header, reason=str(error))


def _undecoded(row: Row) -> bool:
    return any("\udc80" <= character <= "\udcff" for cell in row.cells for character in cell)


def _bad_bytes(row: Row) -> Refusal:
    return Refusal(row, "encoding", _("The row has bytes that do not belong to the file's encoding"))
