"""Imports as their owner and a worker would do them, step by step."""

from pathlib import Path
from typing import Any

from activity import transfers
from activity.audit import Actor
from activity.models import Transfer
from activity.transfer_states import State
from contacts.imports.formats import Format, sample_rows
from contacts.imports.forms import MappingForm
from contacts.imports.start import start
from contacts.imports.storage import table

ACTOR = Actor(name="test")


def inspected(tmp_path: Path, content: str | bytes) -> Transfer:
    file = tmp_path / "people.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    transfer = start(file=file, name="people.csv", actor=ACTOR)
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def suggested(transfer: Transfer, **new: str) -> dict[str, Any]:
    """The mapping that the page suggests; `new` makes columns new variables of a type."""
    format_ = Format.load(transfer.parameters["format"])
    form = MappingForm.suggested(sample_rows(table(transfer), format_), format_)
    for choice in form.choices:
        if choice.header in new:
            choice.target = f"new:{new[choice.header]}"
    return form.mapping().dump()


def queued(transfer: Transfer, step: str, **values: Any) -> Transfer:
    transfers.queue(transfer, step=step, actor=ACTOR, **values)
    return transfer


def done(transfer: Transfer, step: str, **values: Any) -> Transfer:
    transfers.run(queued(transfer, step, **values).pk)
    transfer.refresh_from_db()
    return transfer


def imported(tmp_path: Path, content: str | bytes, **new: str) -> Transfer:
    transfer = inspected(tmp_path, content)
    assert transfer.error == ""
    done(transfer, "check", parameters=transfer.parameters | {"mapping": suggested(transfer, **new)})
    assert (transfer.state, transfer.step, transfer.error) == (State.WAITING, "confirm", "")
    return done(transfer, "run")


def people(count: int) -> str:
    return "userId,email,First name\n" + "".join(f"u{n},p{n}@example.com,Name {n}\n" for n in range(count))
