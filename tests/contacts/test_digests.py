import pytest
from django.db.models import F
from pytest_django import Settings

from contacts.digests import Digest, digest
from contacts.models import Contact
from tests.factories import ContactFactory

ADDRESSES = ["a@example.com", "олена@xn--80aikifvh.xn--j1amh", "+380671234567"]


@pytest.mark.django_db
@pytest.mark.parametrize("key", [b"short", b"x" * 64, b"longer than a block " * 9])
@pytest.mark.parametrize("address", ADDRESSES)
def test_python_and_the_database_agree(settings: Settings, key: bytes, address: str) -> None:
    settings.DIGEST_KEY = key
    contact = ContactFactory.create(email=address)
    found = Contact.objects.filter(pk=contact.pk).values_list(Digest(F("email")), flat=True).get()
    assert bytes(found) == digest(address)


@pytest.mark.django_db
def test_no_address_has_no_digest() -> None:
    contact = ContactFactory.create(email=None, user_id="u-1")
    assert Contact.objects.filter(pk=contact.pk).values_list(Digest(F("email")), flat=True).get() is None


def test_another_key_makes_another_digest(settings: Settings) -> None:
    before = digest(ADDRESSES[0])
    settings.DIGEST_KEY = b"another"
    assert digest(ADDRESSES[0]) != before
