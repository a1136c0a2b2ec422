"""The steps of an import: inspect the file, check it (a rehearsal that changes nothing), run it."""

import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain, islice
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg2.errors import DeadlockDetected, UniqueViolation

from activity import components, months
from activity.audit import Actor
from activity.handlers import Handler
from activity.models import Transfer
from activity.transfer_states import State
from activity.transfers import Claim, Refused
from contacts.identity.text import is_visible
from contacts.imports import workbooks
from contacts.imports.consents import ConsentCounts
from contacts.imports.forgetting import forget
from contacts.imports.formats import Format, detect, refuse_unreadable, sample_rows, survey
from contacts.imports.mapping import Mapping, problems
from contacts.imports.merging import ErasedMeanwhile, Merger, Outcome
from contacts.imports.parsing import Chunk, RowParser
from contacts.imports.reading import read
from contacts.imports.refusals import RefusedRows
from contacts.imports.storage import converted, table, uploaded
from contacts.models import ContactList, Source, VariableDefinition

KIND = "import"
MOST_COLUMNS = 500
# What can become of a row.
COUNTS = ("new", "updated", "unchanged", "repeated", "refused")
# Another writer may take an identifier between the look-up and the insert; then the chunk is merged anew.
_MOST_TRIES = 5

T = TypeVar("T")


def inspect(claim: Claim) -> None:
    """Finds out what the file is; its owner decides next what becomes of the columns."""
    transfer = claim.transfer
    claim.checkpoint()
    if workbooks.is_workbook(uploaded(transfer)):
        workbooks.to_csv(uploaded(transfer), converted(transfer), tick=claim.checkpoint)
    path = table(transfer)
    seen = survey(path, tick=claim.checkpoint)
    refuse_unreadable(seen)
    found = detect(path, seen)
    refuse_misshapen(sample_rows(path, found, 2), found)
    parameters = transfer.parameters | {"format": found.dump()}
    claim.end(State.WAITING, step="map", parameters=parameters, total=max(0, seen.lines - found.header))


def refuse_misshapen(rows: list[list[str]], format_: Format) -> None:
    """Raises `Refused` where the file has too many columns or nothing below its header."""
    if rows and len(rows[0]) > MOST_COLUMNS:
        raise Refused(
            _("The file has %(count)s columns; %(most)s can be read at most. Is the delimiter right?")
            % {"count": len(rows[0]), "most": MOST_COLUMNS}
        )
    if not rows:
        raise Refused(_("The file is empty."))
    if len(rows) <= format_.header:
        raise Refused(_("The file has a header but no rows."))


def check(claim: Claim) -> None:
    """The rehearsal: what the import would do, row by row, without changing anything."""
    refuse_outdated(Mapping.load(claim.transfer.parameters["mapping"]))
    result = _Pass(claim, rehearsal=True).whole()
    claim.end(State.WAITING, step="confirm", result=result, total=result["rows"], done=result["rows"])


def run(claim: Claim) -> None:
    """Imports the file, from where an interrupted run had got to."""
    mapping = Mapping.load(claim.transfer.parameters["mapping"])
    refuse_outdated(mapping)
    define_variables(mapping, actor=Actor.owning(claim.transfer))
    refuse_outdated(mapping)  # somebody may have defined one at the same time
    result = _Pass(claim, rehearsal=False).whole()
    claim.end(State.DONE, result=result, total=result["rows"], done=result["rows"])


def refuse_outdated(mapping: Mapping) -> None:
    """Raises `Refused` where variables or the source are no longer what they were when the columns were chosen."""
    known, archived = VariableDefinition.objects.known()
    found = problems(mapping, known=known, archived=archived)
    if mapping.source_id and not Source.objects.filter(pk=mapping.source_id).exists():
        found.append(_("The source that was chosen for all rows has been deleted."))
    if found:
        raise Refused(" ".join(found))


@transaction.atomic
def define_variables(mapping: Mapping, *, actor: Actor) -> None:
    """Registers the variables that the mapping makes of unknown columns."""
    known, _archived = VariableDefinition.objects.known()
    for column in mapping.variables:
        if column.variable not in known:
            label = column.header[:150].strip()
            definition = VariableDefinition(
                name=column.variable, label=label if is_visible(label) else "", type=column.type
            )
            with suppress(IntegrityError, ValidationError), transaction.atomic():  # another import may be first
                components.save(definition, actor=actor, fields=["name", "label", "type"])


class _Pass:
    """One way through the file. Parsing goes on beside the merging of the chunk before."""

    def __init__(self, claim: Claim, *, rehearsal: bool) -> None:
        self.claim = claim
        self.rehearsal = rehearsal
        parameters = claim.transfer.parameters
        self.format = Format.load(parameters["format"])
        self.mapping = Mapping.load(parameters["mapping"])
        sources = Source.ids_by_name()
        self.parser = RowParser(self.mapping, region=settings.DEFAULT_REGION, sources=sources)
        named = set(sources.values()) if "source" in self.mapping.fields else set()
        self.sources = named | ({self.mapping.source_id} if self.mapping.source_id else set())
        owner, since = Actor.owning(claim.transfer), claim.transfer.created_at
        self.merger = Merger(self.mapping, ContactList.default(), since=since, rehearsal=rehearsal, actor=owner)
        self.refused = RefusedRows(claim.transfer.path)
        # The rehearsal's copy is gone with its session, so a rehearsal always starts anew.
        state = {} if rehearsal else claim.transfer.checkpoint
        self.after, self.next_chunk = state.get("row", 0), state.get("chunk", 0)
        self.counts: Counter[str] = Counter(state.get("counts", {}))
        self.reasons: Counter[str] = Counter(state.get("reasons", {}))
        self.consents = ConsentCounts(**state.get("consents", {}))

    def whole(self) -> dict[str, Any]:
        """Merges what is left of the file; returns the counts of all of it."""
        if not self.next_chunk:
            self.refused.clear()
        with self.merger.staged():
            self._merge_all()
        counts = {name: self.counts[name] for name in COUNTS}
        consents = {"consents": self.consents.dump()} if self.mapping.consents else {}
        reasons = dict(self.reasons.most_common())
        return {**counts, "rows": sum(self.counts.values()), "reasons": reasons, **consents}

    def _merge_all(self) -> None:
        rows = read(table(self.claim.transfer), self.format, after=self.after, tick=self.claim.checkpoint)
        first = list(islice(rows, 1))  # here, not beside: passing over what is done already keeps the claim alive
        try:
            with _short_turns():
                for chunk in _ahead(self.parser.chunks(chain(first, rows), first=self.next_chunk)):
                    self._merge(chunk)
        finally:
            self._join_refused()

    def _join_refused(self) -> None:
        header = sample_rows(table(self.claim.transfer), self.format, 1)[0]
        names = header if self.format.header else [_("Column %(n)s") % {"n": n + 1} for n in range(self.mapping.width)]
        self.refused.join(names, parts=self.next_chunk)

    def _merge(self, chunk: Chunk) -> None:
        months.ensure_present()
        for tried in range(1, _MOST_TRIES + 1):
            try:
                with transaction.atomic():
                    self.claim.hold()
                    self._hold_variables()
                    self._hold_sources()
                    self._record(chunk, self.merger.merge(chunk))
                gc.collect(1)
                return
            except (IntegrityError, OperationalError, ErasedMeanwhile) as error:
                again = isinstance(error, ErasedMeanwhile) or isinstance(
                    error.__cause__, UniqueViolation | DeadlockDetected
                )
                if tried == _MOST_TRIES or not again:
                    raise
                time.sleep(0.05 * tried)

    def _hold_variables(self) -> None:
        """Keeps the types of the variables as they are while values of them are written."""
        wanted = {} if self.rehearsal else {column.variable: column.type for column in self.mapping.variables}
        if wanted and VariableDefinition.objects.held_types(list(wanted)) != wanted:
            raise Refused(_("A variable of this import has been deleted or has got another type meanwhile."))

    def _hold_sources(self) -> None:
        """Keeps the sources that rows may name while contacts get them."""
        if self.sources and Source.held(self.sources) != self.sources:
            raise Refused(_("A source of this import has been deleted meanwhile. Start the import anew."))

    def _record(self, chunk: Chunk, outcome: Outcome) -> None:
        refusals = sorted(chunk.refusals + outcome.refusals, key=lambda refusal: refusal.row.number)
        self.refused.write(chunk.number, refusals, width=self.mapping.width)
        counts = self.counts + Counter(
            new=outcome.new,
            updated=outcome.updated,
            unchanged=outcome.unchanged,
            repeated=outcome.repeated,
            refused=len(refusals),
        )
        reasons = self.reasons + Counter(refusal.code for refusal in refusals)
        consents = self.consents.with_more(outcome.consents, outcome.kept)
        self.claim.checkpoint(
            done=sum(counts.values()),
            row=chunk.last_row,
            chunk=chunk.number + 1,
            counts=counts,
            reasons=reasons,
            consents=consents.dump(),
        )
        self.counts, self.reasons, self.consents = counts, reasons, consents
        self.next_chunk = chunk.number + 1


def _ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, the next one being made in a thread while the caller works on this one."""
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix=f"parse-{os.getpid()}") as pool:
        upcoming = pool.submit(next, items, end)
        while (item := upcoming.result()) is not end:
            upcoming = pool.submit(next, items, end)
            yield item  # type: ignore[misc]  # not `end`


@contextmanager
def _short_turns() -> Iterator[None]:
    """Lets the writing thread, which works only between two statements, go on at once when one is done.

    By default it would wait 5 ms for its turn each time, and much longer while the parsing one collects garbage, of
    which there is next to none: rows make no cycles.
    """
    interval, collects = sys.getswitchinterval(), gc.isenabled()
    sys.setswitchinterval(0.0005)
    gc.disable()
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if collects:
            gc.enable()


def refused_file(transfer: Transfer) -> list[tuple[str, str]]:
    """The refused rows of an import that has ended or stopped, as label and address."""
    if transfer.is_busy or not transfer.result.get("refused"):
        return []
    return [(_("Refused rows"), reverse("contacts:import_refused", args=[transfer.pk]))]


HANDLER = Handler(
    kind=KIND,
    label=gettext_lazy("Contact import"),
    steps={"inspect": inspect, "check": check, "run": run},
    url_name="contacts:import_detail",
    forget=forget,
    files=refused_file,
)
