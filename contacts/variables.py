"""The variables of a contact: their names, present values and groups, and which one a message takes on a clash."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from django.db.models import OuterRef, TextChoices
from django.db.models.expressions import CombinedExpression
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activity.counting import RowCount
from contacts.iso import country_name
from contacts.models import AccountVariable, Contact, ContactList, VariableDefinition
from contacts.variable_types import Type, Value, for_people, of_json


class Group(TextChoices):
    """Where a variable belongs."""

    CONTACT = "contact", _("Contact Variables")
    LIST = "list", _("Contact List Variables")
    ACCOUNT = "account", _("Account Custom Variables")


# On a clash of names the first one that has a value wins; before all of them comes what an API request brings.
PRECEDENCE = (Group.CONTACT, Group.ACCOUNT, Group.LIST)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as one contact has it; `value` is None where it has none.

    `pk` is the row of Components that it comes from: an own variable's definition, an account variable, the list.
    `winner` is the group whose value a message takes, where several groups have the name; else None.
    """

    name: str
    label: str | Promise
    type: str
    value: Value | None
    group: Group
    pk: int | None = None
    is_standard: bool = False
    is_editable: bool = False
    is_archived: bool = False
    winner: Group | None = None

    @property
    def shown(self) -> str:
        return for_people(self.value)

    @property
    def is_overridden(self) -> bool:
        return self.winner not in (None, self.group)

    def contains(self, words: Sequence[str]) -> bool:
        """Whether each of the words, in lower case, is in its name, label or value."""
        text = f"{self.name} {self.label} {self.shown}".lower()
        return all(word in text for word in words)


class _Standard(NamedTuple):
    """A variable that every contact, or every list, has."""

    name: str
    label: str | Promise
    type: Type
    read: Callable[[Contact], Value | None]
    is_editable: bool = True


_CONTACT = (
    _Standard("userId", _("ID"), Type.STRING, lambda contact: contact.user_id),
    _Standard("email", _("Email"), Type.STRING, lambda contact: contact.email_for_people or None),
    _Standard("phoneNumber", _("Phone number"), Type.STRING, lambda contact: contact.phone),
    _Standard("firstName", _("First name"), Type.STRING, lambda contact: contact.first_name or None),
    _Standard("lastName", _("Last name"), Type.STRING, lambda contact: contact.last_name or None),
    _Standard("birthday", _("Birthday"), Type.DATE, lambda contact: contact.birthday),
    _Standard("gender", _("Gender"), Type.NUMBER, lambda contact: Decimal(contact.gender)),
    _Standard("language", _("Language"), Type.STRING, lambda contact: contact.language or None),
    _Standard("source", _("Source"), Type.STRING, lambda contact: contact.source.name if contact.source else None),
    _Standard("timezone", _("Timezone"), Type.STRING, lambda contact: contact.timezone_offset or None),
    _Standard("contactScore", _("Score"), Type.NUMBER, lambda contact: Decimal(contact.score), False),
    _Standard("avatarUrl", _("Avatar Link"), Type.STRING, lambda contact: contact.avatar_url or None),
    _Standard("addedAt", _("Added to the list"), Type.DATE, lambda contact: contact.added_at, False),
    _Standard("lastUpdate", _("Last update"), Type.DATE, lambda contact: contact.updated_at, False),
)


def _of_list(name: str, label: str | Promise, read: Callable[[ContactList], str]) -> _Standard:
    return _Standard(name, label, Type.STRING, lambda contact: read(contact.contact_list) or None, False)


_LIST = (
    _of_list("listName", _("Name of the list"), lambda found: found.name),
    _of_list("host", _("Host"), lambda found: found.host_in_links),
    _of_list("companyName", _("Company name"), lambda found: found.company_name),
    _of_list("companyEmail", _("Company email"), lambda found: found.company_email),
    _of_list("companyAddress", _("Company address"), lambda found: found.company_address),
    _of_list("companyCountry", _("Company country"), lambda found: country_name(found.company_country)),
    _of_list("unSubscribeUrl", _("Unsubscribe link"), lambda found: found.unsubscribe_url),
    _of_list("subscribeUrl", _("Subscribe link"), lambda found: found.subscribe_url),
)


@dataclass(frozen=True)
class Vocabulary:
    """The names that the account has, loaded once for however many contacts; contacts come with list and source."""

    definitions: Sequence[VariableDefinition]
    account: Sequence[AccountVariable]

    @classmethod
    def load(cls) -> "Vocabulary":
        """Two statements, whatever there is."""
        return cls(list(VariableDefinition.objects.all()), list(AccountVariable.objects.all()))

    def variables_of(self, contact: Contact) -> list[Variable]:
        """All variables of a contact, by group. Archived ones are among them where the contact has a value."""
        found = [
            *(_standard(each, contact, Group.CONTACT) for each in _CONTACT),
            *(
                own
                for each in self.definitions
                if (own := _own(each, contact)).value is not None or not own.is_archived
            ),
            *(_standard(each, contact, Group.LIST, pk=contact.contact_list_id) for each in _LIST),
            *(_of_account(each) for each in self.account),
        ]
        return _with_winners(found)

    def values_of(self, contact: Contact, *, request: Mapping[str, Value] | None = None) -> dict[str, Value | None]:
        """What messages find under each name: None under one that is known but has no value.

        `request`: the values of an API request, which come before all others.
        """
        merged: dict[str, Value | None] = {}
        # As `variables_of` has them, for messages by the hundred thousand without all that pages show.
        for group in PRECEDENCE:
            for name, value in self._values_in(group, contact):
                if merged.get(name) is None:
                    merged[name] = value
        return merged | dict(request or {})

    def _values_in(self, group: Group, contact: Contact) -> Iterator[tuple[str, Value | None]]:
        match group:
            case Group.CONTACT:
                yield from ((each.name, each.read(contact)) for each in _CONTACT)
                for each in self.definitions:
                    value = of_json(each.type, contact.variables.get(each.name))
                    if value is not None or not each.archived:
                        yield each.name, value
            case Group.LIST:
                yield from ((each.name, each.read(contact)) for each in _LIST)
            case Group.ACCOUNT:
                yield from ((each.name, each.typed_value) for each in self.account)


def namesakes(contact: Contact, name: str) -> list[Variable]:
    """The contact's variables of that name: its own one first, then those of the list and the account."""
    return [each for each in Vocabulary.load().variables_of(contact) if each.name == name]


def count_shown() -> CombinedExpression:
    """How many variables a contact's profile shows, as an expression on contacts."""
    own = VariableDefinition.objects.shown(OuterRef("variables"))
    return RowCount(own) + RowCount(AccountVariable.objects.all()) + (len(_CONTACT) + len(_LIST))


def _standard(each: _Standard, contact: Contact, group: Group, pk: int | None = None) -> Variable:
    return Variable(
        each.name,
        each.label,
        each.type,
        each.read(contact),
        group,
        pk,
        is_standard=True,
        is_editable=each.is_editable,
    )


def _own(definition: VariableDefinition, contact: Contact) -> Variable:
    return Variable(
        definition.name,
        definition.label,
        definition.type,
        of_json(definition.type, contact.variables.get(definition.name)),
        Group.CONTACT,
        definition.pk,
        is_editable=not definition.archived,
        is_archived=definition.archived,
    )


def _of_account(variable: AccountVariable) -> Variable:
    return Variable(variable.name, variable.label, variable.type, variable.typed_value, Group.ACCOUNT, variable.pk)


def _with_winners(variables: Sequence[Variable]) -> list[Variable]:
    """The same variables; those that share their name know whose value is taken."""
    by_name: dict[str, list[Variable]] = {}
    for variable in variables:
        by_name.setdefault(variable.name, []).append(variable)
    return [
        replace(variable, winner=_winner(same)) if len(same := by_name[variable.name]) > 1 else variable
        for variable in variables
    ]


def _winner(same: Sequence[Variable]) -> Group:
    """The first group that has a value, of those with this name; the first one at all where none has."""
    ranked = sorted(same, key=lambda variable: (variable.value is None, PRECEDENCE.index(variable.group)))
    return ranked[0].group
