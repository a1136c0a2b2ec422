from celery import shared_task

from activity import transfers


@shared_task
def run_transfer(pk: int) -> None:
    transfers.run(pk)


@shared_task
def wake_transfers() -> None:
    transfers.wake_due()


@shared_task
def expire_transfers() -> None:
    transfers.expire()
