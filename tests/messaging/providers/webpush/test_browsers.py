"""Browsers join and leave: consent follows them in the same transaction, and nobody is brought back by an old link."""

import datetime

import pytest
from django.utils.timezone import now

from activity.audit import Actor
from activity.catalogue import Channel, Origin
from activity.models import Event
from contacts.erasure.erase import erase
from contacts.models import Contact
from messaging.models import PushSubscription
from messaging.providers.webpush import browsers
from messaging.providers.webpush.browsers import Stale
from messaging.providers.webpush.tokens import Joining
from subscriptions import consent
from subscriptions.facts import Door
from subscriptions.models import ConsentRecord, Subscription
from subscriptions.policy import Closed
from tests.factories import ContactFactory
from tests.messaging.providers.webpush.browser import TestBrowser
from tests.messaging.providers.webpush.conftest import browser_of, fresh, joined
from tests.subscriptions.consent import closed

DESKTOP, MOBILE = Channel.DESKTOP_WEBPUSH, Channel.MOBILE_WEBPUSH
A, B = TestBrowser("https://push.example.com/a"), TestBrowser("https://push.example.com/b")


def events(contact: Contact) -> list[Origin]:
    return [
        each.kind.origin for each in Event.objects.filter(contact=contact).order_by("id") if each.kind.channel in (4, 5)
    ]


def address(contact: Contact, channel: Channel = DESKTOP) -> str:
    return Subscription.objects.get(contact=contact, channel=channel).address


def test_a_channel_begins_with_its_first_browser_and_ends_with_its_last(contact: Contact) -> None:
    assert set(closed(contact, DESKTOP)) == {Closed.NO_ADDRESS, Closed.NEVER_SUBSCRIBED}
    first, second = joined(contact, A), joined(contact, B, agent="Chrome on Windows")
    phone = joined(contact, TestBrowser("https://push.example.com/c"), channel=MOBILE)
    assert closed(contact, DESKTOP) == closed(contact, MOBILE) == []
    assert address(contact) == f"Firefox on Linux #{first.pk}, Chrome on Windows #{second.pk}"
    record = ConsentRecord.objects.filter(contact=contact).earliest("pk")
    assert (record.door, record.evidence["wording"]) == (Door.CHANNEL, "Get our news")

    assert browsers.leave(first, ip=None)
    assert not browsers.leave(first, ip=None)
    assert address(contact) == f"Chrome on Windows #{second.pk}"
    assert closed(contact, DESKTOP) == []
    assert browsers.expire(second, because="410 Gone")
    assert not browsers.expire(second, because="410 Gone")
    assert set(closed(contact, DESKTOP)) == {Closed.NO_ADDRESS, Closed.UNSUBSCRIBED}
    assert closed(contact, MOBILE) == []
    last = ConsentRecord.objects.filter(contact=contact).latest("pk")
    assert (last.door, last.reason) == (Door.PROVIDER, "410 Gone")
    assert events(contact) == [Origin.SUBSCRIBED, Origin.SUBSCRIBED, Origin.UNSUBSCRIBED]
    gone = PushSubscription.objects.get(pk=second.pk)
    assert (gone.expired_because, bool(gone.expired_at)) == ("410 Gone", True)
    assert PushSubscription.objects.get(pk=phone.pk).expired_at is None


def test_the_same_once_more_changes_nothing(contact: Contact) -> None:
    token = Joining.read(fresh(contact))
    assert token
    for new in (True, False, False):
        assert browsers.join(browser_of(A), token, wording="Get our news", ip=None) is new
    assert (PushSubscription.objects.count(), ConsentRecord.objects.filter(contact=contact).count()) == (1, 1)


@pytest.mark.parametrize("way", ["browser", "link", "other channel"])
def test_an_old_token_brings_nobody_back_who_has_left_since(contact: Contact, way: str) -> None:
    old = Joining(contact.pk, now() - datetime.timedelta(minutes=1))
    row = joined(contact, A, old)
    if way == "browser":
        browsers.leave(row, ip=None)
    else:
        channel = DESKTOP if way == "link" else MOBILE
        consent.unsubscribe(contact=contact, channel=channel, actor=Actor(), door=Door.LINK)
    before = list(Subscription.objects.order_by("pk").values())
    for browser in (A, B, TestBrowser("https://push.example.com/d")):
        for channel in (DESKTOP, MOBILE):
            with pytest.raises(Stale):
                joined(contact, browser, old, channel=channel)
    assert list(Subscription.objects.order_by("pk").values()) == before
    assert closed(contact, MOBILE)

    joined(contact, A)  # by a link made since
    assert closed(contact, DESKTOP) == []


def test_who_says_no_once_more_has_left_as_of_then(contact: Contact) -> None:
    row = joined(contact, A)
    browsers.leave(row, ip=None)
    Subscription.objects.update(since=now() - datetime.timedelta(days=2))
    PushSubscription.objects.update(expired_at=now() - datetime.timedelta(days=2))
    between = Joining(contact.pk, now() - datetime.timedelta(days=1))
    consent.unsubscribe(contact=contact, channel=DESKTOP, actor=Actor(), door=Door.LINK)
    with pytest.raises(Stale):
        joined(contact, A, between)


def test_a_browser_that_its_service_knows_no_more_comes_back_by_the_same_link(contact: Contact) -> None:
    old = Joining(contact.pk, now() - datetime.timedelta(minutes=1))
    assert browsers.expire(joined(contact, A, old), because="410 Gone")
    joined(contact, B, old)
    assert closed(contact, DESKTOP) == []

    assert browsers.expire(PushSubscription.objects.get(endpoint=B.endpoint), because="410 Gone")
    consent.unsubscribe(contact=contact, channel=DESKTOP, actor=Actor(), door=Door.LINK)
    consent.unsubscribe(contact=contact, channel=DESKTOP, actor=Actor(), door=Door.PROVIDER)  # is not what counts
    with pytest.raises(Stale):
        joined(contact, B, old)


def test_a_browser_that_left_while_another_stays_is_not_brought_back_either(contact: Contact) -> None:
    old = Joining(contact.pk, now() - datetime.timedelta(minutes=1))
    row = joined(contact, A, old)
    joined(contact, B, old)
    browsers.leave(row, ip=None)
    with pytest.raises(Stale):
        joined(contact, A, old)
    assert address(contact).count("#") == 1


def test_a_browser_is_one_persons(contact: Contact) -> None:
    joined(contact, A)
    other = ContactFactory.create()
    row = joined(other, A)
    assert row.contact == other
    assert Closed.UNSUBSCRIBED in closed(contact, DESKTOP)
    assert closed(other, DESKTOP) == []
    with pytest.raises(Stale):  # the first one's link is older than that
        joined(contact, A, Joining(contact.pk, now() - datetime.timedelta(minutes=1)))


def test_a_browser_that_turns_mobile_leaves_the_other_channel(contact: Contact) -> None:
    joined(contact, A)
    joined(contact, A, channel=MOBILE)
    assert Closed.UNSUBSCRIBED in closed(contact, DESKTOP)
    assert closed(contact, MOBILE) == []


def test_of_too_many_browsers_the_oldest_go(contact: Contact) -> None:
    rows = [joined(contact, TestBrowser(f"https://push.example.com/{each}")) for each in range(browsers.MOST + 1)]
    live = PushSubscription.objects.live(contact.pk, DESKTOP)
    assert [each.pk for each in live] == [each.pk for each in rows[1:]]
    assert address(contact).count("#") == browsers.MOST


def test_an_answer_about_an_earlier_joining_is_not_heeded(contact: Contact) -> None:
    row = joined(contact, A)
    browsers.leave(row, ip=None)
    again = joined(contact, A)
    assert not browsers.expire(row, because="410 Gone")
    assert browsers.expire(again, because="410 Gone")


def test_erasing_takes_browsers_along_and_tokens_of_the_erased_join_nobody(contact: Contact) -> None:
    joined(contact, A)
    old = Joining(contact.pk, now())
    erase([contact.pk], actor=Actor())
    assert not PushSubscription.objects.exists()
    with pytest.raises(Stale):
        joined(contact, A, old)


def test_tokens(contact: Contact) -> None:
    joining = Joining(contact.pk, now().replace(microsecond=0))
    assert Joining.read(joining.token) == joining
    assert Joining.read(joining.token[:-1]) is None
    assert Joining.read(f"{contact.pk + 1}{joining.token.removeprefix(str(contact.pk))}") is None
    assert Joining.read("") is None
    assert Joining.read("1.\ud800") is None
    assert Joining.read(Joining(contact.pk, now() - datetime.timedelta(days=91)).token) is None
