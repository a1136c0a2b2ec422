"""The base of a contact's score: what the API or an import says, to which the account's rules add."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from activity.audit import Actor, record
from contacts import identity
from contacts.identity import Invalid
from contacts.models import Contact, Via

MOST_BASE = 1_000_000
BASE_SET = "contact.score_base"


def score_base(text: str) -> int:
    """A whole number from −1,000,000 to 1,000,000. Raises `identity.Invalid`: "score", and as `identity.number`."""
    number = identity.number(text)
    if number != int(number) or abs(number) > MOST_BASE:
        words = _("“%(value)s” is not a whole number from −%(most)s to %(most)s")
        raise Invalid("score", words, text.strip(), most=f"{MOST_BASE:,}")
    return int(number)


@transaction.atomic
def set_base(contact: Contact, *, base: int, via: Via, actor: Actor) -> bool:
    """Sets the base of a contact's score, as an update of the API does; returns whether that changed anything.

    The score follows within seconds. Raises `ValueError` beyond what `score_base` reads, and `Contact.DoesNotExist`.
    """
    if abs(base) > MOST_BASE:
        raise ValueError(base)
    held = Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    if held.score_base == base:
        return False
    held.score_base, held.updated_at, held.updated_via = base, timezone.now(), via
    held.modified_at = held.updated_at
    held.save(update_fields=["score_base", "updated_at", "updated_via", "modified_at"])
    record(actor=actor, verb=BASE_SET, of=held)
    return True
