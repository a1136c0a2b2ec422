from collections.abc import Mapping
from typing import Any

from django.db.models.expressions import Combinable

from activity.prepared import Given, Prepared
from contacts.models import Contact


class OneContact:
    """Asks for attributes and annotations of one contact, as the database gives them: JSON as text."""

    def __init__(self, *attributes: str, **annotations: Combinable) -> None:
        self.names = (*attributes, *annotations)
        rows = Contact.objects.filter(pk=Given("contact")).annotate(**annotations)
        self._statement = Prepared.of(rows.values_list(*self.names))

    def of(self, contact_id: int) -> Mapping[str, Any]:
        """By name. Raises `Contact.DoesNotExist`."""
        rows = self._statement.rows(contact=contact_id)
        if not rows:
            raise Contact.DoesNotExist
        return dict(zip(self.names, rows[0], strict=True))
