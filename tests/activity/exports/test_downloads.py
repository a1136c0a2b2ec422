"""The link to an export's file: whose it is, how long, and what is left behind of its use."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from activity import transfers
from activity.audit import Actor
from activity.exports.feed import start_feed_export
from activity.exports.links import download_url
from activity.feed import Filters, Period
from activity.models import AuditEntry, Transfer
from config.models import User
from config.roles import MARKETER
from tests.factories import EventFactory, TransferFactory, UserFactory

pytestmark = pytest.mark.django_db

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def export(marketer: User) -> Transfer:
    """A marketer's, with one event in its file."""
    return done(marketer)


def done(owner: User, format_: str = "csv") -> Transfer:
    actor = Actor(user=owner, name=owner.username)
    pk = EventFactory.create().contact_id
    transfer = start_feed_export(pk, filters=Filters(period=Period.ALL), format_=format_, actor=actor)
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def body(response: Any) -> bytes:
    """All of it, which closes the file."""
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_its_owner_gets_the_file_and_nobody_may_keep_it(export: Transfer, site: Client) -> None:
    response = site.get(download_url(export))
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="{export.result_name}"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    text = body(response)
    assert text.startswith(b"\xef\xbb\xbfTime (UTC),Channel,")
    assert text.count(b"\n") == 2


def test_a_workbook_says_what_it_is(site: Client, marketer: User) -> None:
    response = site.get(download_url(done(marketer, "xlsx")))
    assert response["Content-Type"] == XLSX
    assert body(response).startswith(b"PK")


def test_each_download_is_in_the_log(export: Transfer, site: Client, marketer: User) -> None:
    body(site.get(download_url(export), REMOTE_ADDR="203.0.113.9"))
    entry = AuditEntry.objects.get(verb="activity_export.download")
    assert (entry.actor, entry.object_id, entry.ip) == (marketer, export.pk, "203.0.113.9")
    asked = site.head(download_url(export))
    assert AuditEntry.objects.filter(verb="activity_export.download").count() == 1
    asked.close()


def test_an_admin_gets_it_too(export: Transfer, signed_in: Callable[[User], Client], admin: User) -> None:
    assert body(signed_in(admin).get(download_url(export)))


def test_whoever_else_has_the_link_learns_nothing(
    export: Transfer, signed_in: Callable[[User], Client], support: User
) -> None:
    colleague = UserFactory.create(role=MARKETER)
    for other in (colleague, support):
        assert signed_in(other).get(download_url(export)).status_code == 404
        assert signed_in(other).get(download_url(TransferFactory.build(pk=export.pk, owner=None))).status_code == 404
    assert Client().get(download_url(export)).status_code == 302
    assert not AuditEntry.objects.filter(verb="activity_export.download").exists()


def test_an_owner_who_is_no_marketer_any_more_gets_nothing(export: Transfer, marketer: User, site: Client) -> None:
    marketer.groups.clear()
    assert site.get(download_url(export)).status_code == 404


def test_a_guessed_link_is_none(export: Transfer, site: Client, marketer: User) -> None:
    url = download_url(export)
    assert site.get(url[:-2] + ("0/" if url[-2] != "0" else "1/")).status_code == 404
    assert site.get(download_url(done(marketer)).replace(f"/{export.pk + 1}/", f"/{export.pk}/")).status_code == 404


def test_another_secret_key_makes_other_links(export: Transfer, settings: Settings, site: Client) -> None:
    before = download_url(export)
    settings.SECRET_KEY = "another"
    assert download_url(export) != before


def test_after_its_time_a_page_says_so(export: Transfer, site: Client) -> None:
    Transfer.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    response = site.get(download_url(export))
    assert response.status_code == 410
    assert "Files of exports are kept for 7 days." in response.content.decode()
    transfers.expire()
    assert site.get(download_url(export)).status_code == 410
    page = site.get(f"/activity/transfers/{export.pk}/").content.decode()
    assert "The file has been removed" in page
    assert "/file/" not in page


def test_what_is_not_done_has_no_file(site: Client, marketer: User) -> None:
    waiting = TransferFactory.create(owner=marketer, kind="activity_export", result_name="activity.csv", step="run")
    assert site.get(download_url(waiting)).status_code == 404
    assert site.get(download_url(TransferFactory.create(owner=marketer))).status_code == 404
