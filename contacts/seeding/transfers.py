"""An import and an export that the demo account has behind it: real ones, of a few rows."""

import csv
import tempfile
from pathlib import Path

from django.conf import settings

from activity import transfers
from activity.audit import Actor
from activity.exports.feed import start_feed_export
from activity.feed import Filters, Period
from activity.models import Transfer
from contacts.imports.formats import Format, sample_rows
from contacts.imports.forms import MappingForm
from contacts.imports.start import start
from contacts.imports.storage import table
from contacts.models import Contact
from contacts.seeding.demo import EVERYTHING

_ACTOR = Actor()
# Two who are known already, and one whose address is none.
_ROWS = (
    ("ID", "Email", "First name"),
    (EVERYTHING, "olena.k@example.com", "Олена"),
    ("u-48210", "noa.cohen@example.com", "נועה"),
    ("u-48299", "info@", "Nobody"),
)


def add_demo_transfers() -> None:
    _import()
    contact = Contact.objects.get(user_id=EVERYTHING)
    transfers.run(start_feed_export(contact.pk, filters=Filters(period=Period.ALL), format_="xlsx", actor=_ACTOR).pk)


def _import() -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".csv", delete=False
    ) as file:
        csv.writer(file).writerows(_ROWS)
    transfer = start(file=Path(file.name), name="spring-fair.csv", actor=_ACTOR)
    _run(transfer)
    format_ = Format.load(transfer.parameters["format"])
    mapping = MappingForm.suggested(sample_rows(table(transfer), format_), format_).mapping()
    for step in ("check", "run"):
        parameters = transfer.parameters | {"mapping": mapping.dump()}
        transfers.queue(transfer, step=step, actor=_ACTOR, parameters=parameters)
        _run(transfer)


def _run(transfer: Transfer) -> None:
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
