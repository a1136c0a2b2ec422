"""The fields as a drop-down list offers them: grouped, without those that are archived."""

from collections.abc import Mapping

from segments.kinds import Field


def field_choices(fields: Mapping[str, Field]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Pairs of a group and its fields, as pairs of key and label."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for field in fields.values():
        if not field.is_archived:
            groups.setdefault(field.group, []).append((field.key, field.label))
    return list(groups.items())
