"""The catalogue of events."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activity import labels
from activity.catalogue import (
    ALL_KINDS,
    GROUPS,
    KINDS,
    MOST_FREQUENT,
    Channel,
    Kind,
    Origin,
    Status,
    is_infrequent,
    kinds,
    origins_of,
    statuses_of,
)

SPECIFIED = Path(__file__).parent.parent / "data" / "feed-catalogue.csv"


def specified() -> list[tuple[str, ...]]:
    with SPECIFIED.open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)]
    assert rows[0] == ("channel", "origin", "status")
    return rows[1:]


def test_it_is_the_specified_table_row_by_row() -> None:
    rows = specified()
    assert len(rows) == 223
    assert [labels.words_of(kind) for kind in KINDS] == rows


def test_no_kind_is_there_twice() -> None:
    assert len(ALL_KINDS) == len(KINDS)
    assert sum(len(group.origins) * len(group.statuses) for group in GROUPS) == len(KINDS)


@pytest.mark.parametrize("codes", [Channel, Origin, Status])
def test_words_of_addresses_lead_back_to_their_codes(codes: type[Channel | Origin | Status]) -> None:
    assert [codes.of_slug(code.slug) for code in codes] == list(codes)
    with pytest.raises(KeyError):
        codes.of_slug("carrier-pigeon")


def test_codes_are_what_the_database_holds() -> None:
    """Another number for a known word would give old events another meaning."""
    assert {code.slug: code.value for code in Channel} == {
        "email": 1, "sms": 2, "telegram": 3, "desktop-webpush": 4, "mobile-webpush": 5, "viber": 6, "contact": 7,
        "other": 8,
    }  # fmt: skip
    assert {code.slug: code.value for code in Origin} == {
        "transaction": 1, "campaign": 2, "ab-test": 3, "drip-campaign": 4, "trigger": 5, "workflow": 6,
        "subscribed": 11, "unsubscribed": 12, "added": 21, "added-to-segment": 22, "dropped-from-segment": 23,
        "activated": 24, "deactivated": 25, "custom-event": 31, "custom-conversion": 32,
    }  # fmt: skip
    assert {code.slug: code.value for code in Status} == {
        "delivered": 1, "open": 2, "click": 3, "complaint": 11, "email-unsubscribed": 12, "soft": 13, "hard": 14,
        "reject": 15, "fail": 16, "failed": 17, "expired": 18, "dismissed": 19, "undelivered": 20, "none": 99,
    }  # fmt: skip


def test_every_code_has_a_label_and_every_channel_an_icon() -> None:
    assert set(labels.CHANNELS) == set(labels.ICONS) == set(Channel)
    assert set(labels.ORIGINS) == set(Origin)
    assert set(labels.STATUSES) == set(Status)


def test_an_origin_that_names_its_channel_is_worded_for_all_channels_too() -> None:
    assert labels.origin_label(Origin.SUBSCRIBED, Channel.VIBER) == "Subscribed to Viber Channel"
    assert labels.origin_label(Origin.SUBSCRIBED) == "Subscribed to a channel"
    assert labels.origin_label(Origin.CAMPAIGN, Channel.VIBER) == labels.origin_label(Origin.CAMPAIGN) == "Campaign"


def test_filters_offer_what_the_levels_above_them_leave() -> None:
    assert list(origins_of()) == list(Origin)
    assert origins_of(Channel.CONTACT)[0] == Origin.ADDED
    assert len(origins_of(Channel.SMS)) == 8
    assert statuses_of(Channel.SMS, Origin.TRIGGER) == (Status.DELIVERED, Status.CLICK, Status.FAIL, Status.REJECT)
    assert statuses_of(Channel.SMS, Origin.SUBSCRIBED) == statuses_of(Channel.OTHER) == ()
    assert set(statuses_of()) == set(Status) - {Status.NONE}


def any_of(codes: type[Channel | Origin | Status]) -> st.SearchStrategy[Channel | Origin | Status | None]:
    return st.none() | st.sampled_from(list(codes))


@given(any_of(Channel), any_of(Origin), any_of(Status))
def test_a_filter_lets_through_what_fits_all_its_levels(
    channel: Channel | None, origin: Origin | None, status: Status | None
) -> None:
    chosen = (channel, origin, status)
    expected = [kind for kind in KINDS if all(want in (None, have) for want, have in zip(chosen, kind, strict=True))]
    assert list(kinds(channel, origin, status)) == expected
    assert is_infrequent(channel, origin, status) == all(kind.status > MOST_FREQUENT for kind in expected)


def test_deliveries_are_the_frequent_events() -> None:
    assert {kind.status for kind in KINDS if not is_infrequent(*kind)} == {Status.DELIVERED}
    assert is_infrequent(Channel.CONTACT, None, None)
    assert not is_infrequent(Channel.EMAIL, None, None)
    assert is_infrequent(*Kind(Channel.EMAIL, Origin.SUBSCRIBED, Status.NONE))
