"""The forms of the import pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import identity
from contacts.imports.columns import TARGETS, targets_for, variable_name
from contacts.imports.consents import Statement
from contacts.imports.formats import DELIMITERS, ENCODINGS, QUOTES, Format
from contacts.imports.mapping import Column, Mapping, problems, reason_against_variable
from contacts.imports.parsing import readers_of
from contacts.models import Source, VariableDefinition
from contacts.variable_types import Type

SAMPLES = 4
_SAMPLE_CHARACTERS = 80


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True)

    def clean_file(self) -> TemporaryUploadedFile:
        file: TemporaryUploadedFile = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError(_("The file is empty."))
        return file


class FormatForm(forms.Form):
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(label=gettext_lazy("Delimiter"), choices=list(DELIMITERS.items()))
    quote = forms.ChoiceField(label=gettext_lazy("Quotes"), choices=list(QUOTES.items()), required=False)
    header = forms.TypedChoiceField(
        label=gettext_lazy("First row"),
        coerce=lambda text: text == "1",
        choices=[("1", gettext_lazy("Names of the columns")), ("0", gettext_lazy("A contact"))],
    )

    @classmethod
    def of(cls, format_: Format) -> "FormatForm":
        return cls(initial=format_.dump() | {"header": str(int(format_.header))})

    @property
    def format(self) -> Format:
        """What a valid form says."""
        return Format(**self.cleaned_data)


class OptionsForm(forms.Form):
    date_order = forms.ChoiceField(
        label=gettext_lazy("Dates such as 05/06/1990"),
        required=False,
        choices=[
            ("", gettext_lazy("Refuse: it could be either")),
            ("dmy", gettext_lazy("5 June (day first)")),
            ("mdy", gettext_lazy("May 6 (month first)")),
        ],
    )
    clear_blanks = forms.TypedChoiceField(
        label=gettext_lazy("Blank cells"),
        required=False,
        coerce=lambda text: text == "1",
        empty_value=None,
        choices=[("", gettext_lazy("Leave what is there")), ("1", gettext_lazy("Clear the value"))],
        help_text=gettext_lazy("IDs, emails and phone numbers are never cleared."),
    )
    source = forms.ModelChoiceField(
        Source.objects.all(),
        label=gettext_lazy("Source of contacts without one"),
        required=False,
        empty_label=gettext_lazy("None"),
    )
    consent_source = forms.CharField(
        label=gettext_lazy("Where people consented"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Such as the form on your site. Without it nobody is subscribed."),
    )
    consent_day = forms.DateField(
        label=gettext_lazy("When, or since when"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    consent_wording = forms.CharField(
        label=gettext_lazy("In which words they consented"), required=False, max_length=500
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        names = ("consent_source", "consent_day", "consent_wording")
        if any(values.get(name) for name in names):
            for name in names:
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Where, when and in which words belong together: say all three, or none."))
        if (day := values.get("consent_day")) and day > timezone.localdate():
            self.add_error("consent_day", _("This day is yet to come."))
        return values

    @property
    def usual(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("consent_")]

    @property
    def of_consent(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith("consent_")]

    @property
    def consent(self) -> Statement | None:
        """What a valid form says of it."""
        values = self.cleaned_data
        if not values["consent_source"]:
            return None
        return Statement(values["consent_source"], values["consent_day"].isoformat(), values["consent_wording"])


def initial_options(stored: dict[str, Any]) -> dict[str, Any]:
    """What `OptionsForm` shows of a mapping that was chosen before."""
    consent = {f"consent_{name}": value for name, value in (stored.get("consent") or {}).items()}
    return stored | consent | {"source": stored["source_id"], "clear_blanks": "1" * stored["clear_blanks"]}


@dataclass
class ColumnChoice:
    """A column of the file on the mapping page. `target` is as in `target_groups`."""

    index: int
    header: str
    samples: list[str]
    target: str = ""
    variable: str = ""
    error: str = ""


@dataclass
class MappingForm:
    """The decisions about the columns, as suggested or as sent, and what is wrong with them."""

    choices: list[ColumnChoice]
    types: dict[str, str]
    archived: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def suggested(cls, rows: list[list[str]], format_: Format) -> "MappingForm":
        """From the first rows of the file: the targets that the columns' names stand for."""
        choices = column_choices(rows, format_)
        types, archived = VariableDefinition.objects.known()
        taken = types.keys() | archived
        readers = readers_of("dmy", region=settings.DEFAULT_REGION, sources=Source.ids_by_name())
        for choice, meant in zip(choices, targets_for([c.header for c in choices]), strict=True):
            target = meant if _can_be(readers.get(meant), choice.samples) else ""
            choice.target = target or (f"variable:{choice.header}" if choice.header in types else "")
            choice.variable = variable_name(choice.header, taken, index=choice.index)
            taken.add(choice.variable)
        return cls(choices, types, archived)

    @classmethod
    def decided(cls, mapping: Mapping, rows: list[list[str]], format_: Format) -> "MappingForm":
        """From a mapping that was chosen before."""
        form = cls.suggested(rows, format_)
        by_index = {column.index: column for column in mapping.columns}
        for choice in form.choices:
            column = by_index.get(choice.index, Column(choice.index, choice.header))
            known = column.variable in form.types
            choice.target = column.target or (
                f"variable:{column.variable}" if known else column.type and f"new:{column.type}"
            )
            choice.variable = column.variable or choice.variable
        return form

    def read(self, data: QueryDict, options: OptionsForm) -> Mapping:
        """The mapping as sent; `errors` then say what is wrong with it."""
        for choice in self.choices:
            choice.target = data.get(f"target-{choice.index}", "")
            choice.variable = data.get(f"variable-{choice.index}", choice.variable).strip()
        chosen = options.cleaned_data if options.is_valid() else {}
        source = chosen.get("source")
        mapping = self.mapping(
            date_order=chosen.get("date_order", ""),
            clear_blanks=bool(chosen.get("clear_blanks")),
            source_id=source.pk if source else None,
            consent=options.consent if chosen else None,
        )
        # What is wrong with a name stands beside it.
        wrong = {choice.index for choice in self.choices if choice.error}
        named = replace(mapping, columns=[column for column in mapping.columns if column.index not in wrong])
        self.errors = problems(named, known=self.types, archived=self.archived)
        return mapping

    def mapping(self, **options: Any) -> Mapping:
        """The mapping of the present choices. `options` are those of `Mapping` that concern every row."""
        columns = [column for choice in self.choices if (column := self._column(choice))]
        return Mapping(width=len(self.choices), columns=columns, **options)

    def _column(self, choice: ColumnChoice) -> Column | None:
        kind, _colon, rest = choice.target.partition(":")
        if kind == "variable" and rest in self.types:
            return Column(choice.index, choice.header, variable=rest, type=self.types[rest])
        if kind == "new" and rest in Type.values:
            choice.error = self._name_error(choice.variable, rest)
            return Column(choice.index, choice.header, variable=choice.variable, type=rest)
        if any(kind == target.key for target in TARGETS):
            return Column(choice.index, choice.header, target=kind)
        return None

    def _name_error(self, name: str, type_: str) -> str:
        if name.lower() in {known.lower() for known in self.types}:
            return _("There is a variable of this name already: choose it instead.")
        return reason_against_variable(name, type_, known=self.types, archived=self.archived)

    @property
    def is_valid(self) -> bool:
        return not self.errors and not any(choice.error for choice in self.choices)

    @property
    def target_groups(self) -> list[tuple[str, list[tuple[str, str | Promise]]]]:
        """What a column can become: (group, [(value, label)])."""
        own = [(f"variable:{name}", name) for name in self.types]
        groups: Sequence[tuple[str, Sequence[tuple[str, str | Promise]]]] = [
            (_("Contact"), [(target.key, target.label) for target in TARGETS]),
            (_("Your variables"), own),
            (_("New variable"), [(f"new:{value}", label) for value, label in Type.choices]),
        ]
        return [(name, list(choices)) for name, choices in groups if choices]


def column_choices(rows: list[list[str]], format_: Format) -> list[ColumnChoice]:
    """The file's columns with their names (numbers, where it has no header) and the first values in them."""
    width = len(rows[0]) if rows else 0
    names = rows[0] if format_.header else [""] * width
    data = rows[1:] if format_.header else rows
    return [
        ColumnChoice(
            index,
            _printable(name) or _("Column %(number)s") % {"number": index + 1},
            [row[index][:_SAMPLE_CHARACTERS] for row in data if index < len(row) and row[index].strip()][:SAMPLES],
        )
        for index, name in enumerate(names)
    ]


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else " " for char in name).strip()


def _can_be(read: Callable[[str], str] | None, samples: list[str]) -> bool:
    """Whether any sample can be read: a header may promise what the column does not hold."""
    if read is None or not samples:
        return read is not None
    for sample in samples:
        try:
            read(sample)
        except identity.Invalid:
            continue
        return True
    return False
