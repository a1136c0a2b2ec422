from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class StaffRequest(HttpRequest):
    """A request as views behind the sign-in get it."""

    # The stubs would have `config.User` here, which no app but config may import.
    user: AbstractUser  # type: ignore[assignment]
    htmx: HtmxDetails
