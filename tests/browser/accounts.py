"""An account at its worst: long names, many scripts, no pictures, imports in every state."""

from datetime import date, timedelta
from typing import Any

from django.utils.timezone import now

from activity.models import Transfer
from activity.transfer_states import State
from config.models import User
from contacts.models import Contact
from contacts.variable_types import Type
from tests.factories import ContactFactory, SourceFactory, TransferFactory, VariableFactory

# Longest that can be kept, and nowhere a place to break the line.
ENDLESS = "Rhabarberbarbara" * 9
LONG_EMAIL = f"{'rhabarber' * 7}@{'barbara-' * 20}bar.example"


def rich_contact() -> Contact:
    """Somebody of whom everything is known, with a picture that is no longer where it was."""
    for name, type_ in (("city", Type.STRING), ("orders", Type.NUMBER), ("vip", Type.BOOLEAN), ("since", Type.DATE)):
        VariableFactory.create(name=name, type=type_)
    return ContactFactory.create(
        first_name="Олександра-Вікторія",
        last_name="Нечуй-Левицька",
        user_id="C-00123",
        email="oleksandra@example.com",
        phone="+380501234567",
        birthday=date(1990, 4, 17),
        gender=2,
        language="uk",
        source=SourceFactory.create(name="Autumn fair, stand 12"),
        timezone="Europe/Kyiv",
        avatar_url="https://pictures.invalid/oleksandra.png",
        score=7,
        updated_at=now() - timedelta(days=3),
        updated_via="import",
        variables={"city": "Кам’янець-Подільський", "orders": 12, "vip": True, "since": "2024-02-29"},
    )


def arabic_contact() -> Contact:
    """Somebody whose name is written from right to left, and who is no longer active."""
    return ContactFactory.create(
        first_name="محمد بن عبد الرحمن",
        last_name="الخطيب",
        email="muhammad@example.com",
        phone="+97144000000",
        language="ar",
        timezone="+04:00",
        is_active=False,
    )


def endless_contact() -> Contact:
    return ContactFactory.create(
        first_name=ENDLESS, last_name=ENDLESS, email=LONG_EMAIL, user_id=ENDLESS, variables={"city": ENDLESS}
    )


def odd_contacts() -> list[Contact]:
    """One of each kind that may break a page."""
    return [
        rich_contact(),
        arabic_contact(),
        endless_contact(),
        ContactFactory.create(first_name="👩‍👩‍👧‍👦 Zoë 🎉", email="zoe@example.com"),
        ContactFactory.create(first_name="", last_name="", email=None, phone="+4930123456"),
    ]


def imports_in_every_state(owner: User) -> dict[State, Transfer]:
    counts = {"new": 9_000, "updated": 20, "unchanged": 12, "repeated": 3, "refused": 968}
    finished = {"rows": 10_003, **counts, "reasons": {"email": 960, "phone": 8}}
    hour_ago = now() - timedelta(hours=1)
    special: dict[State, dict[str, Any]] = {
        State.WAITING: {"step": "confirm", "result": finished},
        State.QUEUED: {"step": "check"},
        State.RUNNING: {"done": 4_000, "started_at": hour_ago, "lease_until": now() + timedelta(hours=1)},
        State.DONE: {"done": 10_003, "result": finished, "started_at": hour_ago, "ended_at": now()},
        State.FAILED: {"step": "inspect", "error": "The file is a program, not a table.", "ended_at": now()},
        State.CANCELLED: {"done": 4_000, "started_at": hour_ago, "ended_at": now()},
    }
    return {
        state: TransferFactory.create(
            owner=owner,
            source_name=f"{ENDLESS} {state.label}.csv",
            state=state,
            # What is queued here stays so: no worker may find it.
            **{"step": "run", "total": 10_003, "due_at": now() + timedelta(hours=1), **fields},
        )
        for state, fields in special.items()
    }
