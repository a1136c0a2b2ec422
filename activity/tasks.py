from celery import shared_task
from django.utils.timezone import now

from activity import months, transfers


@shared_task
def run_transfer(pk: int) -> None:
    transfers.run(pk)


@shared_task
def wake_transfers() -> None:
    transfers.wake_due()


@shared_task
def expire_transfers() -> None:
    transfers.expire()


@shared_task
def make_months() -> None:
    months.make_ahead(now())


@shared_task
def drop_months() -> None:
    months.drop_old(now())
