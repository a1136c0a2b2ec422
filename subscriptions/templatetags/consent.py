from django import template
from django.template import Context
from django.utils.functional import Promise

from activity.labels import CHANNELS, ICONS
from subscriptions import wording
from subscriptions.actions import Action, offered
from subscriptions.facts import Fact
from subscriptions.models import ConsentRecord
from subscriptions.policy import Closed
from subscriptions.standing import ChannelStanding, Standing

register = template.Library()

register.filter("since", wording.since)
register.filter("what_closes", wording.what_closes)
register.filter("what_opens", wording.what_opens)


@register.simple_tag(takes_context=True)
def offered_actions(context: Context, standing: Standing) -> list[Action]:
    """What whoever looks at the page can do with the contact."""
    return offered(standing, context["user"])


@register.filter
def icon(standing: ChannelStanding) -> str:
    return ICONS[standing.channel]


@register.filter
def name(standing: ChannelStanding) -> str:
    return str(CHANNELS[standing.channel])


@register.filter
def is_grave(standing: ChannelStanding) -> bool:
    """Whether something stands against sending, beyond that nobody has begun."""
    return bool(set(standing.verdict.reasons) - {Closed.NO_ADDRESS, Closed.NEVER_SUBSCRIBED})


@register.filter
def what(record: ConsentRecord) -> str | Promise:
    return wording.fact_label(Fact(record.fact))


@register.filter
def in_words(state: str) -> str | Promise:
    return wording.WORDS.get(state, state)
