"""What launched a message, as whoever launched it names it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Launch:
    """Names are those of the platform's own parts; `title` is what people know the message by."""

    title: str = ""
    campaign: str = ""
    workflow: str = ""
    step: str = ""
    trigger: str = ""
    segment: str = ""
    tags: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Without what is not told; the names are those of an event's data (`activity.wording.FACTS`)."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Launch":
        return cls(**{**kept, "tags": tuple(kept.get("tags", ()))})
