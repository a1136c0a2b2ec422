"""What the pages of an import show of it, in words."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from activity.models import Transfer
from activity.progress import progress_texts
from activity.transfer_states import State
from contacts.imports.refusals import RefusedRows, label_of
from contacts.imports.steps import COUNTS

FIRST_REFUSALS = 20


def pages_context(transfer: Transfer) -> dict[str, Any]:
    """The context of every page of one import."""
    source = transfer.result if transfer.result and not transfer.is_busy else transfer.checkpoint.get("counts", {})
    counts = {name: source.get(name, 0) for name in COUNTS}
    reasons = transfer.result.get("reasons") or transfer.checkpoint.get("reasons", {})
    rows = RefusedRows(transfer.path)
    return {
        "transfer": transfer,
        "counts": counts,
        "reasons": _worded(reasons.items()),
        "refusals": []
        if transfer.is_busy
        else [{"row": int(n), "reason": why} for n, why, _cells in rows.first(FIRST_REFUSALS)],
        "importable": counts["new"] + counts["updated"] if transfer.step == "confirm" else 0,
        **progress_texts(transfer),
        **_urls(transfer, has_refused=rows.file.exists() and bool(counts["refused"])),
    }


def _worded(reasons: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    by_label: Counter[str] = Counter()
    for code, count in reasons:
        by_label[label_of(code)] += count
    return by_label.most_common()


def _urls(transfer: Transfer, *, has_refused: bool) -> dict[str, str]:
    names = ("progress", "cancel", "columns", "run", "retry", "refused")
    urls = {name: reverse(f"contacts:import_{name}", args=[transfer.pk]) for name in names}
    return {
        "progress_url": urls["progress"],
        "cancel_url": urls["cancel"],
        "mapping_url": urls["columns"],
        "import_url": urls["run"],
        "retry_url": urls["retry"] if transfer.state == State.FAILED and transfer.expires_at else "",
        "refused_url": urls["refused"] if has_refused else "",
    }
