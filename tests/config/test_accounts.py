"""Signing in and out."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
HOME = "/contacts/"


def sign_in(login: str, password: str = PASSWORD, *, client: Client | None = None, ip: str = "127.0.0.1") -> Any:
    return (client or Client()).post(SIGN_IN, {"login": login, "password": password}, REMOTE_ADDR=ip)


def is_in(response: Any) -> bool:
    return response.status_code == 302 and "sessionid" in response.cookies


def fail_until_locked(login: str) -> Any:
    for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
        assert sign_in(login, "wrong").status_code == 200
    return sign_in(login, "wrong")


def test_one_signs_in_by_user_name_or_email_and_comes_to_the_contacts(marketer: User) -> None:
    for login in (marketer.username, marketer.email, marketer.email.upper()):
        response = sign_in(login)
        assert is_in(response)
        assert response["Location"] == HOME


def test_one_comes_to_the_page_one_wanted_but_never_to_another_site(marketer: User, client: Client) -> None:
    wanted = client.get("/contacts/import/")
    assert wanted["Location"] == f"{SIGN_IN}?next=/contacts/import/"

    data = {"login": marketer.username, "password": PASSWORD}
    assert client.post(SIGN_IN, {**data, "next": "/contacts/import/"})["Location"] == "/contacts/import/"
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert Client().post(SIGN_IN, {**data, "next": elsewhere})["Location"] == HOME


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(marketer: User) -> None:
    answers = [sign_in(login, "wrong") for login in (marketer.username, marketer.email, "nobody", "nobody@example.com")]
    assert {answer.status_code for answer in answers} == {200}
    assert not any(is_in(answer) for answer in answers)
    assert all("you specified are not correct" in answer.content.decode() for answer in answers)


def test_after_too_many_failures_even_the_right_password_is_refused_for_a_quarter_of_an_hour(marketer: User) -> None:
    with time_machine.travel(datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC), tick=False) as clock:
        locked = fail_until_locked(marketer.username)
        assert locked.status_code == 429
        assert "Too many wrong passwords" in locked.content.decode()
        assert sign_in(marketer.username).status_code == 429

        clock.shift(datetime.timedelta(minutes=16))
        assert is_in(sign_in(marketer.username))


def test_failures_count_for_the_account_however_it_is_named(marketer: User) -> None:
    names = [marketer.username, marketer.email, marketer.username.upper(), marketer.email.title()]
    for attempt in range(settings.AXES_FAILURE_LIMIT):
        sign_in(names[attempt % len(names)], "wrong")
    assert [sign_in(name).status_code for name in names] == [429] * len(names)


def test_a_name_that_nobody_has_is_locked_too_so_that_names_cannot_be_found_out(db: None) -> None:
    assert fail_until_locked("nobody").status_code == 429


def test_others_and_other_places_are_not_locked(marketer: User, support: User) -> None:
    fail_until_locked(marketer.username)
    assert is_in(sign_in(support.username))
    assert is_in(sign_in(marketer.username, ip="192.0.2.7"))


def test_signing_in_forgets_earlier_failures(marketer: User) -> None:
    for _round in range(2):
        for _attempt in range(settings.AXES_FAILURE_LIMIT - 1):
            sign_in(marketer.email, "wrong")
        assert is_in(sign_in(marketer.username))


def test_one_address_cannot_try_many_accounts(db: None) -> None:
    for number in range(20):
        sign_in(f"somebody{number}", "wrong")
    assert "Too many failed login attempts" in sign_in("somebody20", "wrong").content.decode()


def test_an_account_that_is_switched_off_does_not_get_in(db: None) -> None:
    former = UserFactory.create(is_active=False)
    client = Client()
    answer = sign_in(former.username, client=client)
    assert "This account is switched off" in client.get(answer["Location"]).content.decode()
    assert client.get(HOME)["Location"].startswith(SIGN_IN)


def test_nobody_signs_up(client: Client, db: None) -> None:
    data = {"username": "intruder", "email": "intruder@example.com", "password1": PASSWORD, "password2": PASSWORD}
    for response in (client.get("/accounts/signup/"), client.post("/accounts/signup/", data)):
        assert "Accounts are made by admins" in response.content.decode()
    assert not User.objects.exists()


def test_a_form_from_elsewhere_signs_nobody_in(marketer: User) -> None:
    assert sign_in(marketer.username, client=Client(enforce_csrf_checks=True)).status_code == 403


def test_signing_out_ends_the_session(site: Client) -> None:
    assert site.get("/accounts/logout/").status_code == 200, "asks first: a link alone does not sign out"
    assert site.get(HOME).status_code == 200
    assert site.post("/accounts/logout/")["Location"] == SIGN_IN
    assert site.get(HOME)["Location"].startswith(SIGN_IN)


def test_a_session_that_is_too_old_ends(marketer: User, signed_in: Callable[[User], Client]) -> None:
    site = signed_in(marketer)
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)):
        assert site.get(HOME).status_code == 302


class TestPassword:
    URL = "/accounts/password/"
    NEW = "a good long sentence"

    def change(self, site: Client, *, old: str = PASSWORD, new: str = NEW) -> Any:
        return site.post(self.URL, {"oldpassword": old, "password1": new, "password2": new})

    def test_is_changed_by_who_knows_the_old_one(self, site: Client, marketer: User) -> None:
        assert self.change(site).status_code == 302
        assert is_in(sign_in(marketer.username, self.NEW))
        assert not is_in(sign_in(marketer.username, PASSWORD))

    @pytest.mark.parametrize("new", ["short", "123456789012", "password1234", "colleague@example.com"])
    def test_stays_when_the_new_one_is_too_easy_to_guess(
        self, new: str, signed_in: Callable[[User], Client], db: None
    ) -> None:
        user = UserFactory.create(username="colleague", email="colleague@example.com")
        response = self.change(signed_in(user), new=new)
        assert 'class="errorlist"' in response.content.decode()
        assert is_in(sign_in(user.username, PASSWORD))

    def test_stays_when_the_old_one_is_wrong(self, site: Client, marketer: User) -> None:
        assert self.change(site, old="wrong").status_code == 200
        assert is_in(sign_in(marketer.username, PASSWORD))

    def test_once_changed_ends_every_other_session(self, marketer: User, signed_in: Callable[[User], Client]) -> None:
        here, elsewhere = signed_in(marketer), signed_in(marketer)
        self.change(here)
        assert here.get(HOME).status_code == 200
        assert elsewhere.get(HOME)["Location"].startswith(SIGN_IN)


class TestSecondFactor:
    @pytest.fixture
    def secret(self, marketer: User) -> str:
        return str(TOTP.activate(marketer, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP").instance.data["secret"])

    def code(self, secret: str) -> str:
        plain = get_adapter().decrypt(secret)
        return str(format_hotp_value(hotp_value(plain, next(yield_hotp_counters_from_time()))))

    def test_is_asked_for_after_the_password(self, marketer: User, secret: str, client: Client) -> None:
        assert sign_in(marketer.username, client=client)["Location"].startswith(reverse("mfa_authenticate"))
        assert client.get(HOME)["Location"].startswith(SIGN_IN)

        assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
        assert client.get(HOME)["Location"].startswith(SIGN_IN)

        assert client.post(reverse("mfa_authenticate"), {"code": self.code(secret)}).status_code == 302
        assert client.get(HOME).status_code == 200

    def test_is_switched_on_only_by_who_has_just_entered_the_password(self, site: Client, marketer: User) -> None:
        response = site.get(reverse("mfa_activate_totp"))
        assert response["Location"].startswith(reverse("account_reauthenticate"))
        assert not Authenticator.objects.filter(user=marketer).exists()

    def test_can_be_switched_on(self, marketer: User, client: Client) -> None:
        sign_in(marketer.email, client=client)
        page = client.post(
            reverse("account_reauthenticate"),
            {"password": PASSWORD, "next": reverse("mfa_activate_totp")},
            follow=True,
        )
        secret = page.context["form"].secret
        code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
        assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
        assert set(Authenticator.objects.filter(user=marketer).values_list("type", flat=True)) == {
            "totp",
            "recovery_codes",
        }


def test_no_letter_is_ever_sent_about_it(marketer: User) -> None:
    """There is no mail server to count on yet."""
    sign_in(marketer.username)
    fail_until_locked(marketer.email)
    assert mail.outbox == []
