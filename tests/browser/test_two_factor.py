"""Two-factor sign-in, from setting it up to signing in with a recovery code."""

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from config.models import User
from tests.browser.looking import look_over
from tests.factories import PASSWORD


def test_it_is_set_up_used_and_switched_off(page: Page, marketer: User) -> None:
    sign_in(page, marketer)
    page.goto("/accounts/2fa/")
    look_over(page, said="Off")
    page.get_by_role("link", name="Set up").click()
    look_over(page, said="Enter your password first")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    look_over(page, said="type the secret into it")
    page.get_by_label("Authenticator code").fill(code_of(page.get_by_label("Secret").input_value()))
    page.get_by_role("button", name="Switch on").click()
    look_over(page, said="Recovery codes")
    page.goto("/accounts/2fa/recovery-codes/")
    look_over(page, said="Each works once")
    recovery_code = page.locator(".codes code").first.inner_text()
    page.goto("/accounts/2fa/recovery-codes/generate/")
    look_over(page, said="The codes that you have now stop working")
    page.goto("/accounts/2fa/totp/deactivate/")
    look_over(page, said="Switch the authenticator app off?")
    page.context.clear_cookies()
    sign_in(page, marketer)
    look_over(page, said="one of your recovery codes")
    page.get_by_role("textbox").fill(recovery_code)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Contacts")


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("User name or email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def code_of(secret: str) -> str:
    """What an authenticator app would show now (RFC 6238)."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())))))
