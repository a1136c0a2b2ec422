"""Where the account stands at Twilio, and how it signs in."""

from django.conf import settings

from messaging.credentials.reading import credential

API = "https://api.twilio.com"


def api_url() -> str:
    return settings.TWILIO_API or API


def account_url() -> str:
    return f"{api_url()}/2010-04-01/Accounts/{credential('TWILIO_ACCOUNT_SID')}"


def sign_in() -> tuple[str, str]:
    """For HTTP's basic authentication."""
    return credential("TWILIO_ACCOUNT_SID"), credential("TWILIO_AUTH_TOKEN")
