"""What a definition would give, before it is kept: how many contacts, some of them, and the whole in words."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from contacts.models import Contact
from segments.conditions import Group
from segments.definitions import Definitions
from segments.evaluation import TookTooLong, limited, today
from segments.wording import sentence

SAMPLES = 5
# So long a person waits for a number; what takes longer is counted by a worker once it is kept.
MILLISECONDS = 5_000


@dataclass(frozen=True)
class Preview:
    """`count` is None where counting would take too long."""

    words: str
    count: int | None
    samples: Sequence[Contact] = field(default_factory=list)


def preview(group: Group, *, as_of: datetime.date | None = None) -> Preview:
    """Raises as `Definitions.those_of` does."""
    contacts = Definitions(as_of or today()).those_of(group)
    words = sentence(group)
    try:
        with limited(MILLISECONDS):
            count = contacts.count()
            samples = list(contacts.order_by("-pk")[:SAMPLES]) if count else []
    except TookTooLong:
        return Preview(words, None)
    return Preview(words, count, samples)
