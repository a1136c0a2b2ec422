"""The link to an export's file: nobody can guess it, and the database holds nothing that would give it away."""

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from activity.models import Transfer
from activity.transfer_states import State

_SALT = "activity.exports.links"


def token_of(transfer: Transfer) -> str:
    """256 bits that follow from the transfer's random folder and the site's secret key."""
    return salted_hmac(_SALT, str(transfer.folder), algorithm="sha256").hexdigest()


def fits(transfer: Transfer, token: str) -> bool:
    return constant_time_compare(token_of(transfer), token)


def download_url(transfer: Transfer) -> str:
    return reverse("activity:download", args=[transfer.pk, token_of(transfer)])


def files(transfer: Transfer) -> list[tuple[str, str]]:
    """What can be fetched of an export, as pairs of label and address."""
    return [(_("Download"), download_url(transfer))] if transfer.state == State.DONE else []
