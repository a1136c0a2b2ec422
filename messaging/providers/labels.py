"""Names of providers as pages and consent records tell them, also of those that are no longer in use."""

from messaging.providers.esp import names

LABELS = names.LABELS | {
    "sandbox": "Sandbox",
    "smtp": "SMTP",
    "mail": "Mail",
    "twilio": "Twilio",
    "telegram": "Telegram",
    "viber": "Viber",
    "webpush": "Web push",
    "tracking": "Rapport",
}


def label_of(name: str) -> str:
    return LABELS.get(name, name)
