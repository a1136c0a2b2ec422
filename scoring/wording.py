"""Score rules in plain words: one sentence each."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from segments.conditions import MOST_TIMES, Condition, Group
from segments.wording import of_which, sentence


def signed(points: int) -> str:
    return f"+{points}" if points > 0 else f"−{-points}"


def rule_sentence(*, group: Group, each_time: bool, points: int, most: int) -> str:
    """Such as “+2 points for each Email: Open in the last 30 days, at most 10 times”."""
    shown = ngettext("%(points)s point", "%(points)s points", abs(points)) % {"points": signed(points)}
    if not each_time:
        return _("%(points)s while this holds: %(words)s") % {"points": shown, "words": sentence(group)}
    words = _("%(points)s for each %(what)s") % {"points": shown, "what": counted(next(group.conditions()))}
    if most == MOST_TIMES:
        return words
    return words + ngettext(", at most once", ", at most %(times)d times", most) % {"times": most}


def counted(asked: Condition) -> str:
    """What is counted each time."""
    return " ".join((asked.field.label, *of_which(asked)))
