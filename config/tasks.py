from celery import shared_task
from django.core.management import call_command

SIGN_IN_LOG_DAYS = 90


@shared_task
def forget_visits() -> None:
    """Removes ended sessions, and what is known of sign-ins older than three months."""
    call_command("clearsessions")
    call_command("axes_reset_logs", age=SIGN_IN_LOG_DAYS)
