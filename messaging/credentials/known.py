"""Which credentials each provider has, by the names that they have in the environment, and who then sends by what."""

from collections.abc import Iterator
from typing import NamedTuple

from activity.catalogue import Channel
from messaging.providers.esp.names import LABELS as ESPS


class Access(NamedTuple):
    """Of a provider. Where the first credential is there, it is in use on its channel, by the class at `path`."""

    label: str
    channel: Channel
    path: str
    names: tuple[str, ...]


_ESP = "messaging.providers.esp.provider.Esp"
# As anymail calls them (anymail.dev/en/stable/esps/).
_OF_ESPS = {
    "mailgun": ("API_KEY", "SENDER_DOMAIN", "WEBHOOK_SIGNING_KEY"),
    "postmark": ("SERVER_TOKEN",),
    "sendgrid": ("API_KEY", "TRACKING_WEBHOOK_VERIFICATION_KEY"),
    "brevo": ("API_KEY",),
    "mailersend": ("API_TOKEN", "SIGNING_SECRET"),
    "mailjet": ("API_KEY", "SECRET_KEY"),
    # Its signatures want a package that is not installed.
    "resend": ("API_KEY",),
    "sparkpost": ("API_KEY",),
}
# Of those that sign nothing, what stands in the address of the webhook.
WEBHOOK_SECRET = "ANYMAIL_WEBHOOK_SECRET"  # noqa: S105 - its name


def _esps() -> Iterator[tuple[str, Access]]:
    for name, keys in _OF_ESPS.items():
        names = (*(f"ANYMAIL_{name.upper()}_{key}" for key in keys), WEBHOOK_SECRET)
        yield name, Access(ESPS[name], Channel.EMAIL, f"{_ESP}:{name}", names)


KNOWN: dict[str, Access] = {
    "smtp": Access("SMTP", Channel.EMAIL, "messaging.providers.smtp.provider.Smtp", ("EMAIL_URL",)),
    **dict(_esps()),
    "twilio": Access(
        "Twilio",
        Channel.SMS,
        "messaging.providers.twilio.provider.Twilio",
        ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SENDER"),
    ),
    "telegram": Access(
        "Telegram",
        Channel.TELEGRAM,
        "messaging.providers.telegram.provider.Telegram",
        ("TELEGRAM_TOKEN", "TELEGRAM_BOT", "TELEGRAM_SECRET"),
    ),
    "viber": Access("Viber", Channel.VIBER, "messaging.providers.viber.provider.Viber", ("VIBER_TOKEN", "VIBER_BOT")),
}
