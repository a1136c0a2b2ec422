"""Sources that differ by more than capitals. Where earlier versions let two in, the later one gets a number."""

from collections.abc import Callable
from itertools import count

from django.db import migrations, models
from django.db.models.functions import Lower


def tell_apart(apps, schema_editor):
    Source = apps.get_model("contacts", "Source")
    sources = list(Source.objects.order_by("pk"))
    words = {word.lower() for source in sources for word in (source.code, source.name)}
    codes, names = set(), set()
    for source in sources:
        code, name = source.code, source.name
        source.code = _free(code, 40, lambda n: str(n), codes, words)
        source.name = _free(name, 150, lambda n: f" ({n})", names, words)
        if (source.code, source.name) != (code, name):
            source.save(update_fields=["code", "name"])


def _free(text: str, limit: int, suffix: Callable[[int], str], taken: set[str], words: set[str]) -> str:
    """The text where none of those before has it, whatever its capitals; else the first numbered one that is nobody's."""
    numbered = (text[: limit - len(suffix(n))] + suffix(n) for n in count(2))
    found = text if text.lower() not in taken else next(each for each in numbered if each.lower() not in words)
    taken.add(found.lower())
    words.add(found.lower())
    return found


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_components")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            "source",
            models.UniqueConstraint(
                Lower("code"),
                name="source_code",
                violation_error_message="There is a source with this ID already.",
            ),
        ),
        migrations.AddConstraint(
            "source",
            models.UniqueConstraint(
                Lower("name"),
                name="source_name",
                violation_error_message="There is a source of this name already.",
            ),
        ),
    ]
