"""Constraints that forms explain where the mistake is."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, UniqueConstraint


class UniqueInAnyCase(UniqueConstraint):
    """`Lower` of a field, which no two rows have alike. The error is the field's own."""

    def validate(self, model: type[Model], instance: Model, *args: Any, **kwargs: Any) -> None:
        lower: Any = self.expressions[0]
        field = lower.get_source_expressions()[0]
        try:
            super().validate(model, instance, *args, **kwargs)
        except ValidationError as error:
            raise ValidationError({field.name: error.messages}) from None

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """To migrations it is what it is to the database."""
        _path, arguments, options = super().deconstruct()
        return "django.db.models.UniqueConstraint", arguments, options
