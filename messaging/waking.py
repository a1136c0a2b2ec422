"""Tells workers that there is something to send. They find out by themselves what (`messaging.delivery`)."""

from collections.abc import Iterable

from celery import current_app
from django.db import transaction

from activity.catalogue import Channel

QUEUE = "delivery"


def wake_checks() -> None:
    """Wakes a worker that asks providers, after the commit; beat does too."""

    def send() -> None:
        current_app.send_task("messaging.tasks.check_asked", queue=QUEUE, expires=30)

    transaction.on_commit(send, robust=True)


def wake(channels: Iterable[Channel]) -> None:
    """Wakes a worker for each channel, after the commit. Beat does too, where the broker has lost it or is away."""
    wanted = sorted(channels)

    def send() -> None:  # a function with a name: Django logs it where the broker is away
        for channel in wanted:
            current_app.send_task("messaging.tasks.deliver", [channel.value], queue=QUEUE, expires=30)

    if wanted:
        transaction.on_commit(send, robust=True)
