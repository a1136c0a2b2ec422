from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.postgres.search import TrigramWordDistance
from django.db import connection, models
from django.db.models import F, Func, OuterRef, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat, Lower

if TYPE_CHECKING:
    from contacts.models import Contact, ContactList, VariableDefinition


def SearchText() -> Lower:  # noqa: N802 - reads as the expression it makes
    """The text that near matches are looked for in; written once, since index and query must be the same."""
    space, none = Value(" "), Value("")
    parts = ["first_name", space, "last_name"]
    for identifier in ("email", "phone", "user_id"):
        parts += [space, Coalesce(identifier, none)]
    return Lower(Concat(*parts))


def is_short(word: str) -> bool:
    """Whether a word has no trigram of its own: “Li”, and most names that are written in Chinese characters."""
    return len(word) < 3 and word.isalpha()


class ContactQuerySet(models.QuerySet["Contact"]):
    def of_list(self, contact_list: "ContactList") -> "ContactQuerySet":
        return self.filter(contact_list=contact_list)

    def identified_by(self, kind: str, value: str) -> "ContactQuerySet":
        """The contact of one identifier, in normal form. `kind`: user_id, email or phone."""
        return self.filter(**{kind: value})

    def containing(self, words: Sequence[str], *, inside: bool = True) -> "ContactQuerySet":
        """Those whose names and identifiers contain every word, whatever the case; unless `inside`, words that are too
        short for the index (`is_short`) only where a name or an identifier begins with them, which it does find."""
        found = self.alias(search_text=SearchText())
        for word in map(str.lower, words):
            if inside or not is_short(word):
                found = found.filter(search_text__contains=word)
            else:
                found = found.filter(Q(search_text__startswith=word) | Q(search_text__contains=f" {word}"))
        return found

    def spelt_like(self, text: str) -> "ContactQuerySet":
        """Those whose names or identifiers hold something spelt like the text, the most alike first."""
        return (
            self.alias(search_text=SearchText())
            .filter(search_text__trigram_word_similar=text)
            .order_by(TrigramWordDistance(text, SearchText()), "-id")
        )

    def with_value_of(self, variable: str) -> "ContactQuerySet":
        """Those who have a value of one of the account's own variables."""
        return self.alias(kept=KeyTextTransform(variable, "variables")).filter(kept__gt="")

    @staticmethod
    def languages_in_use(contact_list: "ContactList") -> list[str]:
        """The languages of a list's contacts. One index probe a language, where DISTINCT would read all contacts."""
        with connection.cursor() as cursor:
            cursor.execute(_LANGUAGES_IN_USE, {"list": contact_list.pk})
            return [row[0] for row in cursor.fetchall()]


_LANGUAGES_IN_USE = """
WITH RECURSIVE found AS (
    SELECT min(language) AS language FROM contacts_contact WHERE contact_list_id = %(list)s AND language > ''
    UNION ALL
    SELECT (SELECT min(language) FROM contacts_contact WHERE contact_list_id = %(list)s AND language > found.language)
    FROM found WHERE found.language IS NOT NULL
)
SELECT language FROM found WHERE language IS NOT NULL
"""


class VariableQuerySet(models.QuerySet["VariableDefinition"]):
    def current(self) -> "VariableQuerySet":
        """Those that are offered: not archived."""
        return self.filter(archived_at=None)

    def shown(self, values: OuterRef) -> "VariableQuerySet":
        """Those that the profile of a contact with these values shows: archived ones only where it has a value."""
        value = Func(values, F("name"), template="(%(expressions)s)", arg_joiner=" ->> ", output_field=TextField())
        return self.alias(value=value).filter(Q(archived_at=None) | Q(value__gt=""))

    def known(self) -> tuple[dict[str, str], set[str]]:
        """Names and types of those in use, and the names of the archived ones; one statement."""
        rows = list(self.values_list("name", "type", "archived_at"))
        in_use = {name: type_ for name, type_, archived_at in rows if archived_at is None}
        return in_use, {name for name, _type, archived_at in rows if archived_at is not None}

    @staticmethod
    def held_types(names: Sequence[str]) -> dict[str, str]:
        """Types of the variables of these names, which nobody can change or delete before this transaction ends.

        For whoever writes values: they then fit the type that is found here.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, type FROM contacts_variabledefinition WHERE name = ANY(%s) FOR SHARE", [list(names)]
            )
            return dict(cursor.fetchall())
