"""What is done to components, by whichever door: each change with its entry in the audit log."""

from collections.abc import Collection

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity.audit import Actor, record
from activity.models import ArchivableComponent, Component


class Impossible(Exception):
    """What was asked for cannot be done to the component; the text says why and what to do."""


@transaction.atomic
def save(component: Component, *, actor: Actor, fields: Collection[str]) -> None:
    """Registers a new component, or keeps one whose `fields` were changed.

    Raises `ValidationError` where a value will not do, `Impossible` where others refer to it by what was changed.
    """
    is_new = component._state.adding
    if fixed := [] if is_new else [name for name in component.FIXED if name in fields]:
        label = component._meta.get_field(fixed[0]).verbose_name  # type: ignore[union-attr]
        raise Impossible(_("The %(field)s cannot be changed: others refer to it by that.") % {"field": label})
    component.full_clean()
    component.save(force_insert=is_new)
    _record(component, "add" if is_new else "change", actor, fields=sorted(fields))


@transaction.atomic
def delete(component: Component, *, actor: Actor) -> None:
    """Deletes a component that nothing uses. Raises `Impossible` with what does."""
    held = type(component)._default_manager.select_for_update().get(pk=component.pk)
    if reason := held.uses():
        raise Impossible(reason)
    _record(held, "delete", actor)
    held.delete()


@transaction.atomic
def archive(component: ArchivableComponent, *, actor: Actor) -> None:
    """Puts a component aside; one that is aside already stays as it is."""
    if type(component)._default_manager.filter(pk=component.pk, archived_at=None).update(archived_at=now()):
        _record(component, "archive", actor)
        component.refresh_from_db(fields=["archived_at"])


@transaction.atomic
def restore(component: ArchivableComponent, *, actor: Actor) -> None:
    """Takes a component into use again."""
    aside = type(component)._default_manager.filter(pk=component.pk, archived_at__isnull=False)
    if aside.update(archived_at=None):
        _record(component, "restore", actor)
        component.refresh_from_db(fields=["archived_at"])


def _record(component: Component, verb: str, actor: Actor, **details: list[str]) -> None:
    """Names the component, which may be gone when the entry is read, and the fields; never a value."""
    name = component.serializable_value("name")
    record(actor=actor, verb=f"{component._meta.model_name}.{verb}", of=component, name=name, **details)
