"""The one error of all normal forms."""

from django.utils.functional import Promise

# Reasons stand in tables and in files of refused rows: a longer value is cut.
SHOWN = 60
_JOINERS = "\u200c\u200d"


class Invalid(ValueError):
    """The text is not a value of its kind.

    `str()` is a reason for people, in the reader's language: “olga@” is not an email address. It holds what was
    written, so it is never logged; `code` is the kind of refusal without personal data, such as "phone_region".
    """

    def __init__(self, code: str, message: str | Promise, value: str = "", **details: object) -> None:
        super().__init__(code, message, value)
        self.code = code
        self.message = message
        self.details = {"value": value, **details}

    def __str__(self) -> str:
        return str(self.message) % {**self.details, "value": shown(str(self.details["value"]))}


def shown(value: str) -> str:
    """The value as it can stand within a sentence: short, in one direction, each unprintable character as a `�`."""
    start = value[: SHOWN + 1]
    text = "".join(char if char.isprintable() or char in _JOINERS else "\ufffd" for char in start)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
