"""Searches as people type them: what a contact is known by, words of it, and words misspelt."""

from collections.abc import Iterator, Sequence

from django.urls import reverse

from bench.probe import Page, Request
from contacts.models import Contact

# Near matches take longer, so that fewer do.
_FEWER = 10


def exact(chosen: Sequence[Contact]) -> Iterator[Page]:
    """Exact hits: they lead to the profile."""
    for name, kind in (("by userId", "user_id"), ("by email", "email"), ("by phone number", "phone")):
        texts = [text for contact in chosen if (text := getattr(contact, kind))]
        yield Page(f"Exact search {name}", [_search(text, status=302) for text in texts])


def near(chosen: Sequence[Contact], *, names: Sequence[str]) -> Iterator[Page]:
    """Near matches. `names`: the commonest first names."""
    some = [contact for contact in chosen if contact.first_name and contact.last_name and contact.email]
    some = some[: max(1, len(chosen) // _FEWER)]
    yield Page("Common first name", [_search(name) for name in names])
    yield Page("First and last name", [_search(f"{contact.first_name} {contact.last_name}") for contact in some])
    yield Page("Part of an email", [_search(str(contact.email)[1:-4]) for contact in some])
    yield Page("Common first name, misspelt", [_search(_misspelt(name)) for name in names])
    yield Page("First and last name, misspelt", [_search(f"{_misspelt(c.first_name)} {c.last_name}") for c in some])
    yield Page("Nothing like it", [_search(f"qzx{number}wvj") for number in range(len(some))])


def _search(text: str, status: int = 200) -> Request:
    return Request(reverse("contacts:search"), {"q": text}, status)


def _misspelt(word: str) -> str:
    """Two letters in the middle swapped, or where they are the same, one left out."""
    middle = len(word) // 2
    before, letters, after = word[: middle - 1], word[middle - 1 : middle + 1], word[middle + 1 :]
    return before + (letters[::-1] if letters[0] != letters[-1] else letters[:1]) + after
