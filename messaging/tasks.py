from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings

from activity.catalogue import Channel
from messaging import checking, receipts
from messaging.delivery import leases, work
from messaging.providers.smtp import mailboxes

worker_shutting_down.connect(work.stop)


@shared_task
def deliver(channel: int) -> None:
    work.deliver(Channel(channel))


@shared_task
def wake_delivery() -> None:
    leases.sweep()
    leases.wake_due()


@shared_task
def check_asked() -> None:
    checking.check_asked()


@shared_task
def fetch_bounces() -> None:
    if settings.BOUNCES_IMAP_URL:
        mailboxes.read_imap(settings.BOUNCES_IMAP_URL)


@shared_task
def apply_receipts() -> None:
    receipts.apply_waiting()
