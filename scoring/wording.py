"""Score rules in plain words: one sentence each."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from segments.conditions import MOST_TIMES, Group
from segments.wording import each_time as each_time_words
from segments.wording import sentence


def signed(points: float) -> str:
    """With a sign, and one digit behind the point where it is no whole number."""
    size = abs(points)
    shown = intcomma(number_format(size, 0 if size == int(size) else 1))
    return f"−{shown}" if points < 0 else f"+{shown}"


def given(average: float, extreme: int) -> str:
    """What those get on average, and the greatest of that, who get something."""
    if average == extreme:
        return _("They get %(points)s each.") % {"points": signed(extreme)}
    words = {"average": signed(round(average, 1)), "extreme": signed(extreme)}
    return _("They get %(average)s on average, up to %(extreme)s.") % words


def rule_sentence(*, group: Group, each_time: bool, points: int, most: int) -> str:
    """Such as “+2 points each time, at most 10: opened an email in the last 30 days”."""
    shown = ngettext("%(points)s point", "%(points)s points", abs(points)) % {"points": signed(points)}
    if not each_time:
        return _("%(points)s while this holds: %(words)s") % {"points": shown, "words": sentence(group)}
    words = {"points": shown, "what": each_time_words(next(group.conditions())), "most": most}
    if most == MOST_TIMES:
        return _("%(points)s each time: %(what)s") % words
    return ngettext("%(points)s once: %(what)s", "%(points)s each time, at most %(most)d: %(what)s", most) % words
