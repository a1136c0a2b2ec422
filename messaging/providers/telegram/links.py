"""The link by which a person opens the bot and subscribes (core.telegram.org/bots/features#deep-linking)."""

from messaging.credentials.reading import credential
from messaging.providers.joining import token_of


def join_url(contact_id: int, at: int) -> str:
    """For this contact alone, as of `at`; whoever opens it subscribes with their own chat. "" where there is no bot."""
    return (
        f"https://t.me/{credential('TELEGRAM_BOT')}?start={token_of(contact_id, 'telegram', at)}"
        if credential("TELEGRAM_BOT")
        else ""
    )
