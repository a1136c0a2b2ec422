from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.contrib.postgres.search import TrigramWordDistance
from django.db import connection, models
from django.db.models import Value
from django.db.models.functions import Coalesce, Concat, Lower

if TYPE_CHECKING:
    from contacts.models import Contact, ContactList


def SearchText() -> Lower:  # noqa: N802 - reads as the expression it makes
    """The text that near matches are looked for in; written once, since index and query must be the same."""
    space, none = Value(" "), Value("")
    parts = ["first_name", space, "last_name"]
    for identifier in ("email", "phone", "user_id"):
        parts += [space, Coalesce(identifier, none)]
    return Lower(Concat(*parts))


class ContactQuerySet(models.QuerySet["Contact"]):
    def of_list(self, contact_list: "ContactList") -> "ContactQuerySet":
        return self.filter(contact_list=contact_list)

    def identified_by(self, kind: str, value: str) -> "ContactQuerySet":
        """The contact of one identifier, in normal form. `kind`: user_id, email or phone."""
        return self.filter(**{kind: value})

    def containing(self, words: Sequence[str]) -> "ContactQuerySet":
        """Those whose names and identifiers contain every word, whatever the case."""
        found = self.alias(search_text=SearchText())
        for word in words:
            found = found.filter(search_text__contains=word.lower())
        return found

    def spelt_like(self, text: str) -> "ContactQuerySet":
        """Those whose names or identifiers hold something spelt like the text, the most alike first."""
        return (
            self.alias(search_text=SearchText())
            .filter(search_text__trigram_word_similar=text)
            .order_by(TrigramWordDistance(text, SearchText()), "-id")
        )

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
