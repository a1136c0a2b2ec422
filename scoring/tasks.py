from celery import shared_task

from scoring import keeping


@shared_task
def keep_up() -> None:
    keeping.keep_up()
