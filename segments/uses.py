"""What segments ask for stays while they do: variables of their type, types of events, sources."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from activity.models import Component, CustomEventType
from contacts.models import Source, VariableDefinition
from segments.definitions import conditions_in
from segments.fields import VARIABLE
from segments.models import Segment


def objection(component: Component, fields: Collection[str] | None) -> str:
    """Why a component cannot be deleted, or its `fields` cannot be changed: the segments that ask for it; "" where
    none does."""
    names = [f"“{each}”" for each in Segment.objects.current() if asks(each.definition, component, fields)]
    if not names:
        return ""
    return _("Segments ask for it: %(names)s. Change or archive those first.") % {"names": ", ".join(names)}


def asks(definition: object, component: Component, fields: Collection[str] | None) -> bool:
    """Whether a definition asks for these `fields` of a component, None for all of it."""
    match component:
        case VariableDefinition() if fields is None or "type" in fields:
            wanted = {VARIABLE + component.name}
        case CustomEventType() if fields is None or "is_conversion" in fields:
            wanted = {f"did:other:{kind}:{component.name}" for kind in ("custom-event", "custom-conversion")}
        case Source() if fields is None:
            wanted = {"source"}
        case _:
            return False
    for condition in conditions_in(definition):
        if condition.get("field") in wanted:
            value = condition.get("value")
            values = value if isinstance(value, list) else [value]
            if not isinstance(component, Source) or str(component.pk) in values:
                return True
    return False
