"""The viewer's time zone, and where a request came from."""

import datetime
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from config.middleware import ClientAddress
from config.models import User
from config.roles import MARKETER
from tests.factories import ContactFactory, UserFactory

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.mark.django_db
class TestTimeZone:
    """A contact was added at noon in Greenwich: the list shows when that was for the viewer."""

    @pytest.fixture(autouse=True)
    def _contact(self) -> None:
        ContactFactory.create(added_at=NOON)

    @pytest.fixture
    def shown_to(self, signed_in: Callable[[User], Client]) -> Callable[..., str]:
        def shown(account: str = "", cookie: str | None = None) -> str:
            site = signed_in(UserFactory.create(role=MARKETER, time_zone=account))
            if cookie is not None:
                site.cookies["tz"] = cookie
            page = site.get("/contacts/").content.decode()
            return page.partition('<time datetime="2026-11-20T')[2][:14]

        return shown

    def test_is_the_accounts(self, shown_to: Callable[..., str]) -> None:
        assert shown_to(account="Asia/Kathmandu") == "17:45:00+05:45"
        assert shown_to(account="Asia/Kathmandu", cookie="Europe/Kyiv") == "17:45:00+05:45"

    def test_is_else_the_browsers(self, shown_to: Callable[..., str]) -> None:
        assert shown_to(cookie="Europe/Kyiv") == "14:00:00+02:00"

    def test_is_else_the_installations(self, shown_to: Callable[..., str]) -> None:
        assert shown_to() == "12:00:00+00:00"

    @pytest.mark.parametrize(
        "cookie",
        ["Mars/Olympus", "../../etc/passwd", "Europe", "posixrules/x", "%00", "\\", "x" * 5000, " ", "é"],
    )
    def test_nonsense_in_the_cookie_is_no_error(self, cookie: str, shown_to: Callable[..., str]) -> None:
        assert shown_to(cookie=cookie) == "12:00:00+00:00"

    def test_nonsense_in_the_account_is_no_error(self, shown_to: Callable[..., str]) -> None:
        assert shown_to(account="Mars/Olympus") == "12:00:00+00:00"

    def test_of_one_viewer_does_not_stay_for_the_next(self, shown_to: Callable[..., str]) -> None:
        shown_to(account="Asia/Kathmandu")
        assert timezone.get_current_timezone_name() == "UTC"
        assert shown_to() == "12:00:00+00:00"


@pytest.mark.django_db
class TestPrivatePages:
    def test_what_signed_in_people_see_stays_in_no_cache(self, site: Client) -> None:
        for address in ("/contacts/", f"/contacts/{ContactFactory.create().pk}/", "/contacts/999/"):
            assert "no-store" in site.get(address)["Cache-Control"]


class TestClientAddress:
    """The address that lockouts and the audit log name."""

    @staticmethod
    def address(forwarded: str | None) -> str:
        headers = None if forwarded is None else {"X-Forwarded-For": forwarded}
        request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers=headers)
        return ClientAddress(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))(request).content.decode()

    def test_without_a_proxy_nobody_can_choose_it(self, settings: Settings) -> None:
        settings.PROXY_COUNT = 0
        assert self.address("192.0.2.7") == "10.0.0.1"

    @pytest.mark.parametrize(
        ("proxies", "forwarded", "address"),
        [
            (1, "192.0.2.7", "192.0.2.7"),
            (1, "203.0.113.9, 192.0.2.7", "192.0.2.7"),
            (2, "203.0.113.9, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
            (1, "2001:db8::7", "2001:db8::7"),
            (2, "192.0.2.7", "10.0.0.1"),
            (1, "unknown", "10.0.0.1"),
            (1, "", "10.0.0.1"),
            (1, None, "10.0.0.1"),
        ],
    )
    def test_behind_proxies_it_is_what_the_outermost_of_them_saw(
        self, proxies: int, forwarded: str | None, address: str, settings: Settings
    ) -> None:
        settings.PROXY_COUNT = proxies
        assert self.address(forwarded) == address
