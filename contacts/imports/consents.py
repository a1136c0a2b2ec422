"""Columns of a file that change what may be sent to people.

What they mean is for the app that keeps consent: it registers how a stage of rows is applied. It finds these tables in
the session: `import_row` (n, and a boolean a column: true, false, or null for a blank cell), `import_match` (n,
contact_id, ready, refusal) and, to work with, the empty `import_consent`; what a rehearsal does it keeps for later
chunks in `import_state`.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from activity.audit import Actor
from activity.catalogue import MESSAGE_CHANNELS, Channel
from activity.labels import CHANNELS

ACTIVE = "active"
MOST_LISTED = 50
# The names that the columns have in the API, and in the staging table.
COLUMNS: Mapping[Channel, str] = {
    Channel.EMAIL: "emailSubscribe",
    Channel.SMS: "smsSubscribe",
    Channel.TELEGRAM: "telegramSubscribe",
    Channel.VIBER: "viberSubscribe",
    Channel.DESKTOP_WEBPUSH: "desktopWebPushSubscribe",
    Channel.MOBILE_WEBPUSH: "mobileWebPushSubscribe",
}
FIELDS: Mapping[str, str] = {
    **{key: f"subscribe_{channel.value}" for channel, key in COLUMNS.items()},
    ACTIVE: "is_active_wanted",
}
LABELS = {key: CHANNELS[channel] for channel, key in COLUMNS.items()}
assert set(COLUMNS) == set(MESSAGE_CHANNELS)  # noqa: S101 - a channel more needs a column more


@dataclass(frozen=True)
class Statement:
    """What the importer says of the consent of those whom the file subscribes: where, on which day, in which words."""

    source: str
    day: str  # ISO 8601
    wording: str


@dataclass(frozen=True)
class Stage:
    """Rows that are merged and have their contacts in `table`, which a rehearsal has to itself."""

    table: str
    rehearsal: bool
    keys: list[str]
    statement: Statement | None
    actor: Actor


@dataclass(frozen=True)
class Kept:
    """A row that would have loosened something that stays as it is."""

    row: int
    contact_id: int
    key: str
    code: str


@dataclass
class Consents:
    """What became of a stage: how many contacts changed, by word, and what was kept."""

    changed: Counter[str] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)


@dataclass(frozen=True)
class ConsentCounts:
    """What became of consents so far, as an import keeps it: `first` are the first rows that were kept."""

    changed: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    first: list[dict[str, Any]] = field(default_factory=list)

    def with_more(self, changed: Counter[str], kept: list[Kept]) -> "ConsentCounts":
        reasons = Counter(each.code for each in kept)
        first = self.first + [asdict(each) for each in kept[: max(0, MOST_LISTED - len(self.first))]]
        return ConsentCounts(dict(Counter(self.changed) + changed), dict(Counter(self.kept) + reasons), first)

    def dump(self) -> dict[str, Any]:
        return asdict(self)


Apply = Callable[[Stage], Consents]
_registered: list[Apply] = []


def register(apply: Apply) -> None:
    """`apply` is called within the transaction that merges the rows."""
    _registered.append(apply)


def apply(stage: Stage) -> Consents:
    whole = Consents()
    for each in _registered:
        done = each(stage)
        whole.changed += done.changed
        whole.kept += done.kept
    return whole
