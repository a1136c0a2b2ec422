"""What the pages of an import show of it, in words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from activity.models import Transfer
from activity.progress import progress_texts
from contacts.imports.consents import LABELS, ConsentCounts
from contacts.imports.refusals import RefusedRows, label_of
from contacts.imports.steps import COUNTS

FIRST_REFUSALS = 20
_CHANGED = {
    "subscribed": gettext_lazy("Subscribed"),
    "unsubscribed": gettext_lazy("Unsubscribed"),
    "deactivated": gettext_lazy("Deactivated"),
}
# Why something was kept that a row would have loosened.
_KEPT = {
    "opted_out": gettext_lazy("Has opted out, and stays so"),
    "no_statement": gettext_lazy("Is not subscribed without where, when and in which words people consented"),
    "inactive": gettext_lazy("Is deactivated, and stays so"),
}


def pages_context(transfer: Transfer) -> dict[str, Any]:
    """The context of every page of one import."""
    source = transfer.result if transfer.result and not transfer.is_busy else transfer.checkpoint.get("counts", {})
    counts = {name: source.get(name, 0) for name in COUNTS}
    consents = ConsentCounts(**(transfer.result.get("consents") or transfer.checkpoint.get("consents", {})))
    reasons = transfer.result.get("reasons") or transfer.checkpoint.get("reasons", {})
    rows = RefusedRows(transfer.path)
    return {
        "transfer": transfer,
        "counts": counts,
        "reasons": _worded(reasons.items()),
        "refusals": []
        if transfer.is_busy
        else [{"row": int(n), "reason": why} for n, why, _cells in rows.first(FIRST_REFUSALS)],
        "importable": _importable(counts, consents) if transfer.step == "confirm" else 0,
        **_consent_texts(consents),
        **progress_texts(transfer),
        **_urls(transfer, has_refused=rows.file.exists() and bool(counts["refused"])),
    }


def _importable(counts: dict[str, int], consents: ConsentCounts) -> int:
    """How many rows would change something; those that change consent alone count where no others do."""
    return counts["new"] + counts["updated"] or max(consents.changed.values(), default=0)


def _consent_texts(consents: ConsentCounts) -> dict[str, Any]:
    return {
        "consent_changes": _counted(consents.changed, _CHANGED),
        "kept": _counted(consents.kept, _KEPT),
        "kept_rows": [
            each | {"column": LABELS.get(each["key"], _("Active")), "why": _KEPT.get(each["code"], "")}
            for each in consents.first
        ],
    }


def _counted(counts: dict[str, int], labels: Mapping[str, StrOrPromise]) -> list[tuple[StrOrPromise, int]]:
    return [(label, counts[word]) for word, label in labels.items() if counts.get(word)]


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
        "retry_url": urls["retry"] if transfer.can_be_retried else "",
        "refused_url": urls["refused"] if has_refused else "",
    }
