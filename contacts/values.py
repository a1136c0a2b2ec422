"""The values of a contact that people, files and the API can set: what each is called, and how it is read from text."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts import identity

Reader = Callable[[str], str]


class Value(NamedTuple):
    """A standard value: its name in the API, its attribute of `Contact`, and a label for people."""

    name: str
    attribute: str
    label: str | Promise

    @property
    def template(self) -> str:
        """How the profile shows it."""
        return f"contacts/values/{self.name}.html"


IDENTIFIERS = ("userId", "email", "phoneNumber")
VALUES = {
    value.name: value
    for value in (
        Value("firstName", "first_name", _("First name")),
        Value("lastName", "last_name", _("Last name")),
        Value("userId", "user_id", _("ID")),
        Value("email", "email", _("Email")),
        Value("phoneNumber", "phone", _("Phone number")),
        Value("birthday", "birthday", _("Birthday")),
        Value("gender", "gender", _("Gender")),
        Value("language", "language", _("Language")),
        Value("source", "source_id", _("Source")),
        Value("timezone", "timezone", _("Timezone")),
        Value("avatarUrl", "avatar_url", _("Avatar Link")),
    )
}


def readers(order: str, *, region: str, sources: Callable[[], Mapping[str, int]]) -> dict[str, Reader]:
    """How a text becomes each value: the normal one as text, or `identity.Invalid`.

    `order` is that of day and month in dates ("" where it is not known), `region` reads national phone numbers,
    `sources` gives the sources' ids by lower-cased ID or name; it is asked each time that a source is read.
    """
    return {
        "userId": identity.user_id,
        "email": identity.email,
        "phoneNumber": lambda text: identity.phone(text, region),
        "firstName": identity.name,
        "lastName": identity.name,
        "birthday": lambda text: identity.birthday(text, order).isoformat(),
        "gender": lambda text: str(int(identity.gender(text))),
        "language": identity.language,
        "source": lambda text: _source(text, sources()),
        "timezone": identity.timezone,
        "avatarUrl": identity.avatar_url,
    }


def _source(text: str, sources: Mapping[str, int]) -> str:
    found = sources.get(text.strip().lower())
    if found is None:
        raise identity.Invalid("source", _("“%(value)s” is not registered in Components"), text.strip())
    return str(found)
