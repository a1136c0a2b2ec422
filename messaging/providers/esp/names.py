"""Email service providers that django-anymail speaks to (anymail.dev/en/stable/esps/), by the names of its modules."""

LABELS = {
    "amazon_ses": "Amazon SES",
    "brevo": "Brevo",
    "mailersend": "MailerSend",
    "mailgun": "Mailgun",
    "mailjet": "Mailjet",
    "mailtrap": "Mailtrap",
    "mandrill": "Mandrill",
    "postal": "Postal",
    "postmark": "Postmark",
    "resend": "Resend",
    "scaleway": "Scaleway",
    "sendgrid": "SendGrid",
    "sparkpost": "SparkPost",
    "unisender_go": "Unisender Go",
}


def name_of(backend: str) -> str:
    """The provider behind a path such as anymail.backends.mailgun.EmailBackend; "" for none of anymail's."""
    parts = backend.split(".")
    return parts[2] if parts[:2] == ["anymail", "backends"] and len(parts) > 2 else ""
