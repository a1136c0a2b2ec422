"""Another type for one of the account's own contact variables: whether all values fit it, and their conversion."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg2.extras import execute_values

from activity import components
from activity.audit import Actor
from contacts import identity
from contacts.models import VariableDefinition
from contacts.variable_types import Type, to_json

# Their conversion takes four seconds at most, in which whoever writes a value of the variable waits.
MOST_RETYPED = 50_000
_SLICE = 10_000
# Each different value once: accounts have far more contacts than different values.
_VALUES = """
    SELECT variables->>%(name)s AS text, count(*) FROM contacts_contact
    WHERE variables->>%(name)s IS NOT NULL GROUP BY text
"""
_CONVERT = """
    UPDATE contacts_contact SET variables = CASE
        WHEN retyped.value IS NULL THEN variables - %(name)s
        ELSE jsonb_set(variables, ARRAY[%(name)s], retyped.value)
    END, modified_at = now()
    FROM retyped WHERE variables->>%(name)s = retyped.text
"""


@transaction.atomic
def change_variable(definition: VariableDefinition, *, actor: Actor, fields: list[str]) -> None:
    """Registers or keeps a contact variable, as `components.save` does; of a new type, its values are converted.

    Raises what that raises, and `Impossible` where values do not fit the type; then nothing is changed.
    """
    components.hold(VariableDefinition)
    if definition.pk and "type" in fields:
        # Waits for whoever writes values of the old type, and makes the next ones wait.
        VariableDefinition.objects.select_for_update().get(pk=definition.pk)
        if reason := reason_against(definition.name, definition.type):
            raise components.Impossible(reason)
        _convert(definition.name, definition.type)
    components.save(definition, actor=actor, fields=fields)


def reason_against(name: str, type_: str) -> str:
    """Why a variable cannot get this type, with the number of contacts that speak against it; "" where it can."""
    misfits, all_ = 0, 0
    for text, contacts in _values(name):
        all_ += contacts
        misfits += 0 if _fits(type_, text) else contacts
    if misfits:
        return _misfits(misfits, type_)
    return _too_many(all_) if all_ > MOST_RETYPED else ""


def _misfits(count: int, type_: str) -> str:
    words = ngettext(
        "%(count)d contact has a value that is no %(type)s. Change or clear it first.",
        "%(count)d contacts have a value that is no %(type)s. Change or clear these first.",
        count,
    )
    nouns = {Type.STRING: _("string"), Type.NUMBER: _("number"), Type.DATE: _("date"), Type.BOOLEAN: _("boolean")}
    return words % {"count": count, "type": nouns[Type(type_)]}


def _too_many(count: int) -> str:
    return _(
        "%(count)s contacts have a value; the type of %(most)s at most can be changed at once. Register another"
        " variable of the new type, fill it by an import, and archive this one."
    ) % {"count": number_format(count, force_grouping=True), "most": number_format(MOST_RETYPED, force_grouping=True)}


def _values(name: str) -> Iterator[tuple[str, int]]:
    """Each value as text, and how many contacts have it; read in slices, so that memory stays flat."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_VALUES, {"name": name})
        while rows := cursor.fetchmany(_SLICE):
            yield from rows


def _fits(type_: str, text: str) -> bool:
    try:
        _converted(type_, text)
    except identity.Invalid:
        return False
    return True


def _converted(type_: str, text: str) -> str | None:
    """The JSON of the value in its new type; None where an empty text was no value."""
    return to_json(type_, text) if text or type_ == Type.STRING else None


def _convert(name: str, type_: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE retyped (text text, value jsonb) ON COMMIT DROP")
        rows = ((text, _converted(type_, text)) for text, _count in _values(name))
        execute_values(cursor.cursor, "INSERT INTO retyped VALUES %s", rows, "(%s, %s::jsonb)", _SLICE)
        cursor.execute("ANALYZE retyped")
        cursor.execute(_CONVERT, {"name": name})
        cursor.execute("DROP TABLE retyped")
