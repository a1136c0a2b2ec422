"""Finding people by what they are known by, and near matches where nothing fits exactly."""

import re
import unicodedata

from contacts import identity
from contacts.models import Contact, ContactList
from contacts.querysets import ContactQuerySet, is_short

MOST_NEAR_MATCHES = 20
MOST_CHARACTERS = 320
# Under what name a session remembers searches, by the words that stand for them in addresses.
SEARCHES = "searches"
_NUMBER = re.compile(r"[+\d\s().\-/]{3,}")


def exactly(text: str, *, contact_list: ContactList, region: str) -> Contact | None:
    """The contact whose userId, email or phone number this is, in any usual form; None where there is none."""
    everyone = Contact.objects.of_list(contact_list)
    for kind, value in identity.identifiers(text, region):
        if contact := everyone.identified_by(kind, value).first():
            return contact
    return None


def nearly(text: str, *, contact_list: ContactList) -> ContactQuerySet:
    """Those whose names or identifiers contain every word; where nobody's do, those spelt alike.

    Short words are looked for at the beginning of others first: inside of them PostgreSQL has to read all contacts.
    """
    everyone = Contact.objects.of_list(contact_list)
    words = words_of(text)
    if not words:
        return everyone.none()
    for inside in (False, True) if any(map(is_short, words)) else (True,):
        found = everyone.containing(words, inside=inside).order_by("-id")
        if found.exists():
            return found
    return everyone.spelt_like(" ".join(words))


def unreadable(text: str, *, region: str) -> str:
    """Why something that looks like an email address or a phone number is none; "" where it is one, or neither."""
    try:
        if "@" in text:
            identity.email(text)
        elif _NUMBER.fullmatch(text):
            identity.phone(text, region)
    except identity.Invalid as error:
        return str(error)
    return ""


def words_of(text: str) -> list[str]:
    """What is looked for: the words of a text; of a number its digits, however they were grouped."""
    # As names are kept, and as PostgreSQL's lower() has them: `casefold` would make ss of ß.
    text = unicodedata.normalize("NFC", text.replace("\0", "")[:MOST_CHARACTERS]).strip().lower()
    if _NUMBER.fullmatch(text) and (digits := re.sub(r"\D", "", text).lstrip("0")):
        return [digits]
    return text.split()
