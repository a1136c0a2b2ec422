from celery import shared_task

from contacts.erasure import aftermath


@shared_task
def finish_erasures() -> None:
    aftermath.finish_due()
