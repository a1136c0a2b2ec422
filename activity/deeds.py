"""What the verbs of the audit log mean to people, and how what they were done to is called. Each app tells its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db.models import Model
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from activity.models import AuditEntry, Transfer


class Subject(NamedTuple):
    """What something was done to: its name, and its address ("" where the viewer may not or cannot go there)."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Deed:
    """A verb in the words of the log, and what of an entry's details is told behind them."""

    words: StrOrPromise
    detail: Callable[[AuditEntry], str] = lambda _entry: ""


Entries = Sequence[AuditEntry]
# Gives the subjects of some entries on objects of one type, by the entries' ids, to a viewer.
Naming = Callable[[Entries, AbstractUser], Mapping[int, Subject]]

_deeds: dict[str, Deed] = {}
_namings: dict[str, Naming] = {}


def register(deeds: Mapping[str, Deed]) -> None:
    """Makes verbs known."""
    _deeds.update(deeds)


def register_naming(object_type: str, naming: Naming) -> None:
    """Makes known how objects of a type, such as `contacts.contact`, are called."""
    _namings[object_type] = naming


def known() -> list[tuple[str, str]]:
    """All verbs, each with its words, in their alphabetical order."""
    return sorted(((verb, str(deed.words)) for verb, deed in _deeds.items()), key=lambda pair: pair[1])


def words_of(entry: AuditEntry) -> tuple[str, str]:
    """What was done, and what is to be said of it besides."""
    deed = _deeds.get(entry.verb)
    return (str(deed.words), deed.detail(entry)) if deed else (entry.verb, "")


def subjects_of(entries: Iterable[AuditEntry], viewer: AbstractUser) -> dict[int, Subject]:
    """The subjects of entries by the entries' ids; a statement or two for each type of object."""
    found: dict[int, Subject] = {}
    by_type = sorted((entry for entry in entries if entry.object_id), key=lambda entry: entry.object_type)
    for object_type, some in groupby(by_type, key=lambda entry: entry.object_type):
        if naming := _namings.get(object_type):
            found |= naming(list(some), viewer)
    return found


def subject(object_type: str, pk: int | None, viewer: AbstractUser) -> Subject | None:
    """What one object is called; None where the viewer may not know, or it has gone."""
    return subjects_of([AuditEntry(pk=0, object_type=object_type, object_id=pk)], viewer).get(0)


def transfer_subjects(entries: Entries, viewer: AbstractUser) -> dict[int, Subject]:
    shown = Transfer.objects.visible_to(viewer).in_bulk([entry.object_id for entry in entries])
    found = ((entry.pk, shown.get(entry.object_id or 0)) for entry in entries)
    return {pk: Subject(transfer.name, transfer.url) for pk, transfer in found if transfer}


def fields_of(entry: AuditEntry) -> str:
    """The names of the fields that were changed."""
    return ", ".join(map(str, entry.details.get("fields", [])))


def register_component(model: type[Model]) -> None:
    """Makes known what is done to a kind of component, and how those are called."""
    name, what = model._meta.model_name, model._meta.verbose_name
    words = {
        "add": Deed(format_lazy(_("Added {what}"), what=what)),
        "change": Deed(format_lazy(_("Changed {what}"), what=what), fields_of),
        "delete": Deed(format_lazy(_("Deleted {what}"), what=what)),
        "archive": Deed(format_lazy(_("Archived {what}"), what=what)),
        "restore": Deed(format_lazy(_("Restored {what}"), what=what)),
    }
    register({f"{name}.{verb}": deed for verb, deed in words.items()})
    register_naming(model._meta.label_lower, lambda entries, viewer: _component_subjects(model, entries, viewer))


def _component_subjects(model: type[Model], entries: Entries, viewer: AbstractUser) -> dict[int, Subject]:
    """Entries keep the names, which those have that are gone too."""
    meta, there = model._meta, set()
    if viewer.is_staff and viewer.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
        ids = [entry.object_id for entry in entries]
        there = set(model._default_manager.filter(pk__in=ids).values_list("pk", flat=True))
    page = f"admin:{meta.app_label}_{meta.model_name}_change"
    return {
        entry.pk: Subject(
            str(entry.details.get("name", "")),
            reverse(page, args=[entry.object_id]) if entry.object_id in there else "",
        )
        for entry in entries
    }


def register_transfer(kind: str, words: Mapping[str, StrOrPromise]) -> None:
    """Makes known what is done with a kind of transfers: its steps, `cancel`, `download`."""
    register({f"{kind}.{verb}": Deed(text) for verb, text in words.items()})
