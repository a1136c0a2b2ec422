"""The link by which a person opens the bot (developers.viber.com/docs/tools/deep-links/)."""

from urllib.parse import urlencode

from messaging.credentials.reading import credential
from messaging.providers.joining import token_of


def join_url(contact_id: int, at: int) -> str:
    """For this contact alone, as of `at`; "" where there is no bot."""
    if not credential("VIBER_BOT"):
        return ""
    query = urlencode({"chatURI": credential("VIBER_BOT"), "context": token_of(contact_id, "viber", at)})
    return f"viber://pa?{query}"
