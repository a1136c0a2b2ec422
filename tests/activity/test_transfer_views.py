"""Activity Log → Import/Export."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from activity.models import Transfer
from activity.transfer_states import State
from activity.views.transfers import SHOWN
from config.models import User
from tests.factories import TransferFactory

pytestmark = pytest.mark.django_db

URL = "/activity/transfers/"


def shown(site: Client) -> list[Transfer]:
    return [row for row, _texts in site.get(URL).context["transfers"]]


def test_one_sees_ones_own_newest_first(site: Client, marketer: User) -> None:
    now = timezone.now()
    old = TransferFactory.create(owner=marketer, created_at=now - datetime.timedelta(days=1))
    new = TransferFactory.create(owner=marketer, created_at=now)
    TransferFactory.create(source_name="someone else's.csv")
    assert shown(site) == [new, old]


def test_an_admin_sees_everybodys(signed_in: Callable[[User], Client], admin: User, marketer: User) -> None:
    theirs, nobodys = TransferFactory.create(owner=marketer), TransferFactory.create(owner=None)
    assert set(shown(signed_in(admin))) == {theirs, nobodys}
    assert marketer.username in signed_in(admin).get(URL).content.decode()


def test_an_empty_log_says_what_will_be_there(site: Client) -> None:
    assert "Nothing imported or exported yet" in site.get(URL).content.decode()


@pytest.mark.parametrize("state", State)
def test_every_state_is_shown_in_words(state: State, site: Client, marketer: User) -> None:
    TransferFactory.create(owner=marketer, state=state, total=1000, done=250)
    page = site.get(URL).content.decode()
    if state == State.RUNNING:
        assert 'value="25"' in page
        assert "250 of 1,000" in page
    else:
        assert str(state.label) in page


def test_a_file_may_have_any_name(site: Client, marketer: User) -> None:
    TransferFactory.create(owner=marketer, source_name='<b>"люди" & co</b>.csv')
    page = site.get(URL).content.decode()
    assert "&lt;b&gt;&quot;люди&quot; &amp; co&lt;/b&gt;.csv" in page
    assert "<b>" not in page


def test_it_renews_itself_only_while_there_is_work(site: Client, marketer: User) -> None:
    transfer = TransferFactory.create(owner=marketer, state=State.QUEUED)
    assert "hx-trigger" in site.get(URL).content.decode()
    Transfer.objects.filter(pk=transfer.pk).update(state=State.DONE)
    assert "hx-trigger" not in site.get(URL).content.decode()


def test_htmx_gets_the_rows_alone(site: Client, marketer: User) -> None:
    TransferFactory.create(owner=marketer)
    fragment = site.get(URL, headers={"HX-Request": "true", "HX-Target": "rows"}).content.decode()
    assert fragment.strip().startswith('<section class="card" id="rows"')
    assert "<html" not in fragment


def test_the_page_asks_the_database_as_often_for_many_as_for_one(
    signed_in: Callable[[User], Client], admin: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site = signed_in(admin)
    TransferFactory.create()
    with django_assert_num_queries(3):
        site.get(URL)
    TransferFactory.create_batch(SHOWN + 1)
    with django_assert_num_queries(3):
        assert len(shown(site)) == SHOWN
