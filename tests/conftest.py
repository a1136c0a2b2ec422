"""What every test can ask for: members of the staff, signed in."""

import math
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from hypothesis import settings as hypothesis_settings

from activity import counting
from config.models import User
from config.roles import ADMIN, MARKETER, SUPPORT
from messaging.credentials import reading
from tests import emptying
from tests.factories import UserFactory

hypothesis_settings.register_profile("rapport", deadline=None)
hypothesis_settings.load_profile("rapport")

_LONG = ("tests/bench/", "tests/config/test_up")


def pytest_configure() -> None:
    # Static files are served where they lie; a manifest and the folder of the collected ones come with an installation.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    emptying.install()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has those that bring up whole sites begin first, so that nobody waits for a long one at the end.

    They use no database of the others, and so come last in pytest-django's order.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(_LONG))


@pytest.fixture(autouse=True)
def _forget_attempts() -> None:
    """Failures to sign in are counted in the cache too."""
    cache.clear()


@pytest.fixture(autouse=True)
def _time_to_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine does not change what a page says."""
    monkeypatch.setattr(counting, "MILLISECONDS", 60_000)


@pytest.fixture(autouse=True)
def _no_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials are read from the database by tests that say so; when that is done depends on the time."""
    monkeypatch.setattr(reading, "_kept", (math.inf, {}))


@pytest.fixture
def marketer(db: None) -> User:
    return UserFactory.create(role=MARKETER)


@pytest.fixture
def support(db: None) -> User:
    return UserFactory.create(role=SUPPORT)


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory.create(role=ADMIN, is_staff=True)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Gives the browser of a member of the staff who has signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def site(marketer: User, signed_in: Callable[[User], Client]) -> Client:
    """The browser of a marketer."""
    return signed_in(marketer)
