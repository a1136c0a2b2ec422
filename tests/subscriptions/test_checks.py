import pytest
from pytest_django import Settings

from activity.audit import Actor
from subscriptions import blacklists
from subscriptions.checks import digest_key_is_the_same
from subscriptions.facts import Blacklist, Door, Reason

pytestmark = pytest.mark.django_db


def test_another_key_is_told_before_anybody_is_written_to(settings: Settings) -> None:
    assert digest_key_is_the_same(["default"]) == []
    blacklists.add(
        kind=Blacklist.EMAIL, address="olga@example.com", reason=Reason.MANUAL, actor=Actor(), door=Door.ADMIN
    )
    assert digest_key_is_the_same(["default"]) == []
    settings.DIGEST_KEY = b"another"
    assert [error.id for error in digest_key_is_the_same(["default"])] == ["subscriptions.E001"]
