"""Names, and the customer's own identifier."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from contacts.identity.errors import Invalid
from contacts.identity.text import CONTROL, is_visible, trimmed

MAX_NAME = 150
MAX_USER_ID = 255
_LINES = str.maketrans("\t\n\v\f\r\x85\u2028\u2029", " " * 8)


def name(text: str) -> str:
    """A first or last name, in NFC with single spaces; any script, emoji and direction marks stay as they are.

    Raises `Invalid`: "name_long", "name_control".
    """
    # A name in NFC is shorter or not much longer; what is far too long is not worth the work.
    composed = unicodedata.normalize("NFC", trimmed(text, "name", 10 * MAX_NAME).translate(_LINES))
    if CONTROL.search(composed):
        raise Invalid("name_control", _("“%(value)s” has control characters"), composed)
    return trimmed(" ".join(composed.split()), "name", MAX_NAME)


def user_id(text: str) -> str:
    """The identifier on the customer's platform, as given.

    Raises `Invalid`: "user_id_long", "user_id_control", "blank" for none that can be seen.
    """
    given = trimmed(text, "user_id", MAX_USER_ID)
    if CONTROL.search(given):
        raise Invalid("user_id_control", _("“%(value)s” has control characters"), given)
    if not given.isascii() and not is_visible(given):
        raise Invalid("blank", _("The value has only invisible characters"))
    return given
