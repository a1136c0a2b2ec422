"""The names of variables: those that are given, and what the account's own may be called."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_NAME = 40
NAME = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{MAX_NAME - 1}}}")

# Those that every contact and every list has, as the API and messages spell them.
CONTACT_NAMES = (
    "userId", "email", "phoneNumber", "firstName", "lastName", "birthday", "gender", "language", "source", "timezone",
    "contactScore", "avatarUrl", "addedAt", "lastUpdate",
)  # fmt: skip
LIST_NAMES = (
    "listName", "host", "companyName", "companyEmail", "companyAddress", "companyCountry", "unSubscribeUrl",
    "subscribeUrl",
)  # fmt: skip
_KEPT_BACK = (
    # What the API says of a contact besides, and what files call it.
    "id name fullname active subscriptions variables score scorebase addedvia updatedat updatedvia",
    "emailsubscribe smssubscribe telegramsubscribe vibersubscribe desktopwebpushsubscribe mobilewebpushsubscribe",
    # Words of Liquid.
    "true false nil null empty blank and or not contains in if else for",
)
# Names that a variable of the account cannot have, in lower case.
RESERVED = frozenset(
    [*(name.lower() for name in CONTACT_NAMES + LIST_NAMES), *(name for names in _KEPT_BACK for name in names.split())]
)


def reason_against(name: str) -> str:
    """Why a variable of the account cannot be called so, in words; "" where it can."""
    if len(name) > MAX_NAME:
        return _("A name has %(most)d characters at most.") % {"most": MAX_NAME}
    if not NAME.fullmatch(name):
        return _("Latin letters, digits and _, a letter first.")
    if name.lower() in RESERVED:
        return _("“%(name)s” is reserved: messages know a standard variable or a word of theirs by it.") % {
            "name": name
        }
    return ""


def validate_name(name: str) -> None:
    """For the fields of models. Raises `ValidationError`."""
    if reason := reason_against(name):
        raise ValidationError(reason, code="name")
