"""Rows for tests, each valid by itself."""

from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from activity.catalogue import Channel, Origin, Status
from activity.models import CustomEventType, Event, Transfer
from config.models import User
from contacts.models import AccountVariable, Contact, ContactList, Source, VariableDefinition, Via
from notes.models import Note
from notes.text import characters

PASSWORD = "correct horse battery"


class UserFactory(DjangoModelFactory[User]):
    """A member of the staff; `role` is one of `config.roles`, "" for none."""

    class Meta:
        model = User

    username = Sequence(lambda n: f"colleague{n}")
    email = Sequence(lambda n: f"colleague{n}@example.com")
    password = PASSWORD
    role = ""

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        role = kwargs.pop("role")
        user = model_class.objects.create_user(*args, **kwargs)
        if role:
            user.groups.add(Group.objects.get(name=role))
        return user


class ContactListFactory(DjangoModelFactory[ContactList]):
    """A list beside the default one, which a migration makes."""

    class Meta:
        model = ContactList

    name = Sequence(lambda n: f"List {n}")


class SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source

    code = Sequence(lambda n: f"source{n}")
    name = Sequence(lambda n: f"Source {n}")


class VariableFactory(DjangoModelFactory[VariableDefinition]):
    class Meta:
        model = VariableDefinition

    name = Sequence(lambda n: f"variable{n}")
    type = "string"


class AccountVariableFactory(DjangoModelFactory[AccountVariable]):
    class Meta:
        model = AccountVariable

    name = Sequence(lambda n: f"accountVariable{n}")
    type = "string"
    value = Sequence(lambda n: f"value {n}")


class EventTypeFactory(DjangoModelFactory[CustomEventType]):
    class Meta:
        model = CustomEventType

    name = Sequence(lambda n: f"event{n}")


class ContactFactory(DjangoModelFactory[Contact]):
    """A contact of the default list, known by an email."""

    class Meta:
        model = Contact

    contact_list = LazyFunction(ContactList.default)
    email = Sequence(lambda n: f"person{n}@example.com")
    added_via = Via.IMPORT


class TransferFactory(DjangoModelFactory[Transfer]):
    """An import whose file waits for its owner."""

    class Meta:
        model = Transfer

    kind = "import"
    owner = SubFactory(UserFactory)
    source_name = "people.csv"
    step = "map"


class NoteFactory(DjangoModelFactory[Note]):
    """A note of somebody whose account has gone, in the contact's next slot."""

    class Meta:
        model = Note

    contact = SubFactory(ContactFactory)
    slot = LazyAttribute(lambda note: Note.objects.on(note.contact).count() + 1)
    text = Sequence(lambda n: f"Note {n}")
    characters = LazyAttribute(lambda note: characters(note.text))
    author_name = "Marta Levchenko"


class EventFactory(DjangoModelFactory[Event]):
    """An email of a campaign that was delivered just now."""

    class Meta:
        model = Event

    contact = SubFactory(ContactFactory)
    occurred_at = LazyFunction(timezone.now)
    channel = Channel.EMAIL
    origin = Origin.CAMPAIGN
    status = Status.DELIVERED
