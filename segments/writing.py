"""Segments are made, changed and put aside. What is asked for is checked, and evaluated by a worker right after."""

from typing import Any

from celery import current_app
from django.db import connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity.audit import Actor, record
from activity.models import CustomEventType
from contacts.models import Source, VariableDefinition
from segments.compiler import TooMuch
from segments.conditions import Group, Mistake, Wrong, parse
from segments.definitions import Definitions, dependants, users_of
from segments.evaluation import today
from segments.fields import VARIABLE, fields
from segments.followers import objection
from segments.models import MAX_NAME, Segment, State

# Of those who write what asks for segments.
_LOCK = 7_366_002


class Impossible(Exception):
    """What was asked for cannot be done to the segment; the text says why."""


class ChangedMeanwhile(Impossible):
    """Somebody else has changed the definition since the form was opened."""


@transaction.atomic
def create(*, name: str, definition: Any, actor: Actor) -> Segment:
    """Makes a segment. Raises `conditions.Wrong`, and `ValidationError` for its name."""
    hold()
    segment = Segment(name=name.strip())
    _define(segment, definition)
    segment.full_clean()
    segment.save(force_insert=True)
    record(actor=actor, verb="segment.add", of=segment, name=segment.name)
    _wake()
    return segment


@transaction.atomic
def change(*, segment: Segment, name: str, definition: Any, seen: int, actor: Actor) -> bool:
    """Gives a segment another name or definition; returns whether that changed anything.

    `seen`: its version when the person decided. Raises `conditions.Wrong`, `ValidationError`, `ChangedMeanwhile`.
    """
    hold()
    present = _locked(segment.pk)
    before = present.name, present.digest
    if present.version != seen:
        raise ChangedMeanwhile(_("Somebody else has changed this segment meanwhile. Look at theirs before you go on."))
    present.name = name.strip()
    _define(present, definition)
    changed = [field for field, was in zip(("name", "digest"), before, strict=True) if getattr(present, field) != was]
    if not changed:
        return False
    present.changed_at = now()
    present.full_clean()
    if "digest" in changed:
        _turn(present)
    present.save()
    fields = ["definition" if field == "digest" else field for field in changed]
    record(actor=actor, verb="segment.change", of=present, name=present.name, fields=fields)
    return True


@transaction.atomic
def archive(*, segment: Segment, actor: Actor) -> bool:
    """Puts a segment aside: everybody leaves it. Returns whether it was in use. Raises `Impossible` where others ask
    for it."""
    hold()
    present = _locked(segment.pk)
    if present.archived:
        return False
    if users := users_of(present.pk):
        names = ", ".join(f"“{each}”" for each in users)
        raise Impossible(_("Other segments ask for it: %(names)s. Change those first.") % {"names": names})
    if reason := objection(present, None):
        raise Impossible(reason)
    present.archived_at = now()
    return _put(present, "segment.archive", actor)


@transaction.atomic
def restore(*, segment: Segment, actor: Actor) -> bool:
    """Takes a segment into use again; returns whether it was aside. Raises `conditions.Wrong` where what it asks for
    has gone meanwhile."""
    hold()
    present = _locked(segment.pk)
    if not present.archived:
        return False
    _define(present, present.definition)
    present.archived_at = None
    return _put(present, "segment.restore", actor)


def free_name(name: str) -> str:
    """What a copy of a segment is called."""
    base = _("%(name)s, copy") % {"name": name}
    for number in range(1, 1000):
        tried = base if number == 1 else f"{base} {number}"
        tried = tried if len(tried) <= MAX_NAME else tried[-MAX_NAME:]
        if not Segment.objects.filter(name__iexact=tried).exists():
            return tried
    return base


def checked(definition: Any, *, of: int | None) -> Group:
    """A definition as it could be kept, of the segment `of` or of a new one.

    Raises `conditions.Wrong` for what is none, for a circle of segments, and where it would be too much to evaluate.
    """
    group = parse(definition, fields(without=of))
    definitions = Definitions(today())
    if of is not None and of in definitions.asked_by(group):
        raise Wrong([Mistake("", _("A segment that it asks for asks for this one: that is a circle."))])
    try:
        definitions.compiled(group)
    except TooMuch as error:
        raise Wrong([Mistake("", str(error))]) from None
    return group


def _put(segment: Segment, verb: str, actor: Actor) -> bool:
    segment.changed_at = now()
    _turn(segment)
    segment.save()
    record(actor=actor, verb=verb, of=segment, name=segment.name)
    return True


def _define(segment: Segment, definition: Any) -> None:
    group = checked(definition, of=segment.pk)
    hold_what_it_names(group)
    # Before it was held some of that may have gone.
    checked(definition, of=segment.pk)
    if reason := objection(segment, group):
        raise Wrong([Mistake("", reason)])
    segment.definition, segment.digest, segment.is_relative = group.as_json(), group.digest, group.is_relative


def _locked(pk: int) -> Segment:
    """The segment as it is now; its row is held, with those that its change has evaluated anew."""
    return {each.pk: each for each in Segment.objects.filter(pk__in={pk, *dependants(pk)}).locked()}[pk]


def _turn(segment: Segment) -> None:
    """Has it evaluated anew, and those that ask for it."""
    segment.version += 1
    segment.due_at, segment.state, segment.problem = now(), State.DUE, ""
    Segment.objects.filter(pk__in=dependants(segment.pk)).come_due()
    _wake()


def hold() -> None:
    """Lets nobody else write what asks for segments before the transaction ends: so there is no circle of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def hold_what_it_names(group: Group) -> None:
    """Variables, event types and sources that it asks for stay as they are to the end of the transaction."""
    keys = {condition.field.key for condition in group.conditions()}
    VariableDefinition.objects.held_types([key.removeprefix(VARIABLE) for key in keys if key.startswith(VARIABLE)])
    names = [key.rsplit(":", 1)[1] for key in keys if key.count(":") == 3]
    list(CustomEventType.objects.select_for_update(no_key=True).filter(name__in=names).order_by("pk"))
    Source.held([int(value) for each in group.conditions() if each.field.key == "source" for value in each.values])


def _wake() -> None:
    transaction.on_commit(lambda: current_app.send_task("segments.tasks.keep_up", expires=30), robust=True)
