"""How a transfer gets on, in words: how fast, how long still, how long it took."""

from datetime import timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity.models import Transfer
from activity.transfer_states import State


def progress_texts(transfer: Transfer) -> dict[str, str]:
    """`rate_text` and `left_text` while there is something to tell, `took_text` of what is done."""
    if transfer.started_at is None:
        return {}
    seconds = ((transfer.ended_at or timezone.now()) - transfer.started_at).total_seconds()
    if transfer.has_ended:
        return {"took_text": _took(seconds)} if transfer.state == State.DONE else {}
    if seconds < 1 or not transfer.done:
        return {}
    rate = transfer.done / seconds
    left = (transfer.total - transfer.done) / rate if transfer.total and transfer.total > transfer.done else 0
    return {"rate_text": _("%(rate)s rows a second") % {"rate": intcomma(round(rate))}, "left_text": _left(left)}


def _took(seconds: float) -> str:
    if seconds < 60:
        whole = max(1, round(seconds))
        return ngettext("It took %(count)s second.", "It took %(count)s seconds.", whole) % {"count": whole}
    start = timezone.now()
    return _("It took %(time)s.") % {"time": timesince(start, start + timedelta(seconds=seconds))}


def _left(seconds: float) -> str:
    if seconds < 60:
        whole = max(1, round(seconds))
        return ngettext("%(count)s second left", "%(count)s seconds left", whole) % {"count": whole}
    minutes = round(seconds / 60)
    return ngettext("%(count)s minute left", "%(count)s minutes left", minutes) % {"count": minutes}
