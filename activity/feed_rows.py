"""Rows of a feed as HTML, by day, and the counts above them.

In Python, as the rows of the contact list are: a page has fifty.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import timezone
from django.utils.dateformat import time_format
from django.utils.formats import date_format, get_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from activity.catalogue import Origin, Status
from activity.feed import Cursor, Filters
from activity.feed_actions import links
from activity.labels import ICONS, ORIGINS, STATUSES
from activity.markup import filled, joined
from activity.models import Event
from activity.templatetags.icons import icon
from activity.wording import byline, headline, remark

_ROW = """<li class="feed-row" id="event-{place}">
<span class="feed-icon">{icon}</span>
<div><p>{happened} <strong dir="auto">{what}</strong>{remark}</p><p dir="auto">{byline}</p></div>
<time datetime="{iso}" title="{exact}">{time}</time>
<span class="feed-actions">{actions}<a class="feed-info" href="{url}" hx-get="{url}" hx-target="#info-{place}"
>{info}<span class="visually-hidden">: {of}</span></a></span>
<div class="feed-detail" id="info-{place}"></div>
</li>"""


_COUNT = '<div><dt><a href="?{}">{}</a></dt><dd class="number">{}</dd></div>'
_ACTION = '<a href="{}">{}<span class="visually-hidden">: {}</span></a>'


def days(
    events: Iterable[Event],
    *,
    info_url: Callable[[Cursor], str],
    may: Callable[[str], bool],
    after: datetime.datetime | None = None,
) -> SafeString:
    """A list a day with its rows. The days are the viewer's; that of `after`, the event above, has its heading.

    `may` tells of a permission whether the viewer has it.
    """
    zone, today = timezone.get_current_timezone(), timezone.localdate()
    shown = after.astimezone(zone).date() if after else None
    return joined(
        "\n",
        '{}<ol class="feed-day">{}</ol>',
        (
            (
                "" if day == shown else filled('<h2 class="feed-date">{}</h2>', _day(day, today)),
                joined("\n", "{}", _rows(rows, date_format(day, "DATE_FORMAT"), info_url, may)),
            )
            for day, rows in groupby(_at_home(events, zone), lambda row: row[0].date())
        ),
    )


def counts(filters: Filters, words: Iterable[tuple[Status | Origin, int]]) -> SafeString:
    """Each status, or origin of what has none, with its number, and the filter that leaves it alone."""
    language = get_language()
    return joined("\n", _COUNT, ((*_alone(filters, word, language), intcomma(count)) for word, count in words))


@lru_cache(maxsize=2048, typed=True)  # a status and an origin may be the same number
def _alone(filters: Filters, word: Status | Origin, _language: str | None) -> tuple[str, str]:
    """The filter that leaves it alone, and what it is called."""
    level, label = ("status", STATUSES[word]) if isinstance(word, Status) else ("origin", ORIGINS[word])
    return urlencode(filters.query() | {level: word.slug}), str(label)


def _at_home(events: Iterable[Event], zone: datetime.tzinfo) -> Iterator[tuple[datetime.datetime, Event]]:
    """Each event with its time on the viewer's clock."""
    return ((event.occurred_at.astimezone(zone), event) for event in events)


def _rows(
    events: Iterable[tuple[datetime.datetime, Event]],
    day: str,
    info_url: Callable[[Cursor], str],
    may: Callable[[str], bool],
) -> Iterator[tuple[SafeString]]:
    # What is the same for each is asked for once.
    clock, info = get_format("TIME_FORMAT"), _("Info")
    for at, event in events:
        place, time = Cursor.of(event), _time(at.hour, at.minute, at.second if "s" in clock else 0, clock)
        happened, what = headline(event)
        said, of = remark(event), f"{happened} {what}"
        yield (
            filled(
                _ROW,
                place=place,
                icon=icon("outline", ICONS[event.kind.channel], size=16),
                happened=happened,
                what=what,
                remark=filled(' <span class="label label-bad">{}</span>', said) if said else "",
                byline=byline(event),
                iso=at.isoformat(timespec="seconds"),
                exact=f"{day}, {time} {at:%Z}",
                time=time,
                url=info_url(place),
                info=info,
                of=of,
                actions=joined("", _ACTION, ((url, label, of) for label, url in links(event, may))),
            ),
        )


@lru_cache(maxsize=2048)
def _time(hour: int, minute: int, second: int, clock: str) -> str:
    return time_format(datetime.time(hour, minute, second), clock)


def _day(day: datetime.date, today: datetime.date) -> str:
    if day == today:
        return _("Today")
    if day == today - datetime.timedelta(days=1):
        return _("Yesterday")
    return date_format(day, "DATE_FORMAT")
