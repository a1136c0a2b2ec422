"""Definitions in plain words: one sentence for the whole, one clause a condition."""

import datetime
from collections.abc import Iterator, Mapping

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activity.catalogue import Channel
from activity.labels import CHANNELS, ORIGINS
from segments.conditions import Condition, Group, Node, origin_of
from segments.fields import deed_named, deed_words
from segments.kinds import Field, Kind, Needs

_MOST_LISTED = 5


def sentence(group: Group) -> str:
    """Such as “First name is “Olga”, and (Language is Ukrainian or Orders is greater than 3)”."""
    joined = _joined(group)
    return capfirst(_("not (%(words)s)") % {"words": joined} if group.negated else joined)


def clause(asked: Condition) -> str:
    """One condition in words."""
    field, label = asked.field, asked.operator.label
    match field.kind:
        case Kind.DEED:
            return _did(asked)
        case Kind.SEGMENT:
            return f"{label} “{field.choice(asked.values[0])}”"
        case Kind.FACT:
            return _fact(field, is_so=asked.operator.key == "yes")
        case Kind.BOOLEAN if asked.operator.needs is Needs.NOTHING and asked.operator.key in ("yes", "no"):
            return f"{field.label}: {label}"
    words = _of_days(asked) if asked.operator.needs is Needs.DAYS else " ".join((str(label), *_values(asked)))
    return f"{field.label} {words}"


def _fact(field: Field, *, is_so: bool) -> str:
    what, _colon, word = field.key.partition(":")
    if what == "active":
        return _("is active") if is_so else _("is not active")
    if what == "receives":
        words = {"channel": CHANNELS[Channel.of_slug(word)]}
        return (_("can receive %(channel)s") if is_so else _("cannot receive %(channel)s")) % words
    return (_("is on the %(list)s") if is_so else _("is not on the %(list)s")) % {"list": field.label}


def _joined(group: Group) -> str:
    between = _(", and ") if group.join == "all" else _(" or ")
    return between.join(map(_member, group.members))


def _member(node: Node) -> str:
    if isinstance(node, Condition):
        return clause(node)
    words = f"({_joined(node)})" if len(node.members) > 1 or node.negated else _joined(node)
    return _("not %(words)s") % {"words": words} if node.negated else words


def _values(asked: Condition) -> list[str]:
    shown = [shown_value(asked.field, value) for value in asked.values]
    if asked.operator.needs is Needs.PAIR:
        return [_("%(low)s and %(high)s") % {"low": shown[0], "high": shown[1]}]
    more = len(shown) - _MOST_LISTED
    words = ", ".join(shown[:_MOST_LISTED])
    if more > 0:
        words += ngettext(" and %(count)d more", " and %(count)d more", more) % {"count": more}
    return [words] if words else []


def shown_value(field: Field, value: str) -> str:
    if field.kind is Kind.DATE:
        return date_format(datetime.date.fromisoformat(value))
    if field.kind is Kind.TEXT and value not in dict(field.choices):
        return f"“{value}”"
    return field.choice(value)


def _of_days(asked: Condition) -> str:
    days = asked.days or 0
    sentences: Mapping[str, tuple[str, str]] = {
        "in_last": (_("is today"), ngettext("in the last %(days)d day", "in the last %(days)d days", days)),
        "before_last": (_("before today"), ngettext("more than %(days)d day ago", "more than %(days)d days ago", days)),
        "in_next": (_("is today"), ngettext("in the next %(days)d day", "in the next %(days)d days", days)),
        "anniversary": (
            _("has its anniversary today"),
            ngettext("has its anniversary within %(days)d day", "has its anniversary within %(days)d days", days),
        ),
    }
    today, others = sentences[asked.operator.key]
    return others % {"days": days} if days else today


def _did(asked: Condition) -> str:
    """Such as “opened an email at least twice in the last 30 days, of the campaign “Spring””."""
    return _narrowed(asked, _counted(asked, *deed_words(deed_named(asked.field.key))))


def each_time(asked: Condition) -> str:
    """The same without how often, such as “opened an email in the last 30 days”."""
    did, _did_not = deed_words(deed_named(asked.field.key))
    return _narrowed(asked, did)


def _narrowed(asked: Condition, words: str) -> str:
    return ", ".join((" ".join(filter(None, (words, _window(asked.days)))), *_only(asked)))


def _counted(asked: Condition, did: str, did_not: str) -> str:
    if asked.operator.key == "never":
        return did_not if asked.days is not None else _("never %(did)s") % {"did": did}
    times = {"times": asked.times}
    counts = {
        "at_least": ngettext("at least once", "at least %(times)d times", asked.times) % times,
        "at_most": ngettext("at most once", "at most %(times)d times", asked.times) % times,
    }
    return f"{did} {counts[asked.operator.key]}"


def _window(days: int | None) -> str:
    if days is None:
        return ""
    return (
        ngettext("in the last %(days)d day", "in the last %(days)d days", days) % {"days": days} if days else _("today")
    )


def _only(asked: Condition) -> Iterator[str]:
    """Which of these are meant."""
    if origin := origin_of(asked):
        yield _("launched by: %(origin)s") % {"origin": ORIGINS[origin]}
    if asked.campaign:
        yield _("of the campaign “%(name)s”") % {"name": asked.campaign}
    if asked.data:
        yield _("where %(name)s is “%(value)s”") % dict(zip(("name", "value"), asked.data, strict=True))
