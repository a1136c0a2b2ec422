"""What is done to components, by whichever door: each change with its entry in the audit log."""

from collections.abc import Callable, Collection

from django.db import connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity.audit import Actor, record
from activity.models import ArchivableComponent, Component

# Asked before a component is deleted, or its `fields` are changed: why that cannot be, in words; "" where it can.
Objection = Callable[[Component, Collection[str] | None], str]
_objections: list[Objection] = []


def register_objection(objection: Objection) -> None:
    """For apps above, whose data cannot be without components; `fields` is None where all of one would go."""
    _objections.append(objection)


class Impossible(Exception):
    """What was asked for cannot be done to the component; the text says why and what to do."""


@transaction.atomic
def save(component: Component, *, actor: Actor, fields: Collection[str]) -> None:
    """Registers a new component, or keeps one whose `fields` were changed; its others become as they are by now.

    Raises `ValidationError` where a value will not do, `Impossible` where others refer to it by what was changed or
    it is there no more.
    """
    hold(type(component))
    is_new = component._state.adding
    if not is_new and not fields:
        return
    if fixed := [] if is_new else [name for name in component.FIXED if name in fields]:
        label = component._meta.get_field(fixed[0]).verbose_name  # type: ignore[union-attr]
        raise Impossible(_("The %(field)s cannot be changed: others refer to it by that.") % {"field": label})
    if is_new:
        component.full_clean()
        component.save(force_insert=True)
    else:
        if reason := _objection(component, fields):
            raise Impossible(reason)
        _take_over(component, except_for=fields)
        component.full_clean()
        component.save(update_fields=fields)
    _record(component, "add" if is_new else "change", actor, fields=sorted(fields))


def hold(model: type[Component]) -> None:
    """Lets nobody else write components of this kind before the transaction ends: rules over several of them hold.

    Those who read them, or refer to one, do not wait.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _take_over(component: Component, *, except_for: Collection[str]) -> None:
    """The other values as they are by now."""
    others = [field.attname for field in component._meta.concrete_fields if field.name not in except_for]
    try:
        component.refresh_from_db(fields=others)
    except type(component).DoesNotExist:
        raise Impossible(_("It has been deleted meanwhile.")) from None


@transaction.atomic
def delete(component: Component, *, actor: Actor) -> None:
    """Deletes a component that nothing uses. Raises `Impossible` with what does."""
    hold(type(component))
    held = type(component)._default_manager.select_for_update().get(pk=component.pk)
    if reason := held.uses() or _objection(held, None):
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


def _objection(component: Component, fields: Collection[str] | None) -> str:
    return next(filter(None, (objection(component, fields) for objection in _objections)), "")


def _record(component: Component, verb: str, actor: Actor, **details: list[str]) -> None:
    """Names the component, which may be gone when the entry is read, and the fields; never a value."""
    name = component.serializable_value("name")
    record(actor=actor, verb=f"{component._meta.model_name}.{verb}", of=component, name=name, **details)
