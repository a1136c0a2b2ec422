"""What is asked of messages after a chaos run."""

from typing import NamedTuple


class Ended(NamedTuple):
    """What became of a message. `lost`: it is uncertain because its sender was lost; `called_at`: seconds, or None."""

    state: str
    channel: int
    contact: int
    lost: bool
    called_at: float | None
