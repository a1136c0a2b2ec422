"""The mapping page: what is suggested, and what is made of the answers."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from contacts.imports.formats import Format
from contacts.imports.forms import SAMPLES, FormatForm, MappingForm, OptionsForm, UploadForm, column_choices
from contacts.imports.mapping import Column, Mapping
from tests.factories import SourceFactory, VariableFactory

pytestmark = pytest.mark.django_db

ROWS = [
    ["Email", "First name", "City", "notes"],
    ["a@example.com", "Olga", "Kyiv", ""],
    ["b@example.com", "Ivan", "Lviv", "later"],
]


def suggested(rows: list[list[str]] = ROWS, *, header: bool = True) -> MappingForm:
    return MappingForm.suggested(rows, Format(header=header))


def answered(form: MappingForm, answers: str) -> Mapping:
    """`answers` are as the browser sends them."""
    data = QueryDict(answers)
    return form.read(data, OptionsForm(data))


class TestSuggestions:
    def test_are_made_from_the_names_of_the_columns(self) -> None:
        VariableFactory.create(name="notes")
        form = suggested()
        assert [(choice.header, choice.target, choice.variable) for choice in form.choices] == [
            ("Email", "email", "Email2"),
            ("First name", "firstName", "firstName2"),
            ("City", "", "City"),
            ("notes", "variable:notes", "notes2"),
        ]

    def test_show_the_first_values_that_are_there(self) -> None:
        rows = [["a"], *([str(number)] for number in range(9)), ["x" * 500]]
        assert column_choices(rows, Format())[0].samples == ["0", "1", "2", "3"][:SAMPLES]
        assert [choice.samples for choice in suggested().choices][3] == ["later"]
        assert max(map(len, column_choices([["a"], ["x" * 500]], Format())[0].samples)) <= 80

    def test_of_a_file_without_a_header_count_its_columns(self) -> None:
        form = suggested(ROWS[1:], header=False)
        assert [choice.header for choice in form.choices] == ["Column 1", "Column 2", "Column 3", "Column 4"]
        assert form.choices[0].samples == ["a@example.com", "b@example.com"]
        assert [choice.variable for choice in form.choices] == ["column1", "column2", "column3", "column4"]

    def test_do_not_take_a_column_for_what_its_values_are_not(self) -> None:
        """An exporter's own numbers under “Phone”, a rating under “Gender”."""
        rows = [["email", "Phone", "Gender", "Birthday"], ["a@example.com", "call me", "five stars", "soon"]]
        assert [choice.target for choice in suggested(rows).choices] == ["email", "", "", ""]
        rows[1] = ["a@example.com", "", "", ""]
        assert [choice.target for choice in suggested(rows).choices] == ["email", "phoneNumber", "gender", "birthday"]

    def test_give_every_new_variable_a_name_of_its_own(self) -> None:
        VariableFactory.create(name="City")
        form = suggested([["City", "city", "CITY", "", "Місто", "firstName"]])
        names = [choice.variable.lower() for choice in form.choices]
        assert len(set(names)) == len(names)
        assert "city" not in names[1:]

    def test_bear_any_header(self) -> None:
        rows = [["na\0me", "two\nlines", "\u202e", "x" * 5000, "<b>", "\t", "name"], []]
        headers = [choice.header for choice in suggested(rows).choices]
        assert headers[:3] == ["na me", "two lines", "Column 3"]
        assert "\0" not in "".join(headers)

    def test_ask_the_database_as_often_for_many_columns_as_for_one(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for width in (1, 60):
            with django_assert_num_queries(2):
                suggested([[f"Phone {number}" for number in range(width)], ["067 123 45 67"] * width])

    def test_of_a_mapping_chosen_before_are_that_mapping(self) -> None:
        VariableFactory.create(name="town", type="string")
        chosen = Mapping(
            4,
            [
                Column(0, "Email", target="userId"),
                Column(2, "City", variable="town", type="string"),
                Column(3, "notes", variable="remark", type="boolean"),
            ],
        )
        form = MappingForm.decided(chosen, ROWS, Format())
        assert [choice.target for choice in form.choices] == ["userId", "", "variable:town", "new:boolean"]
        assert form.choices[3].variable == "remark"


class TestAnswers:
    def test_become_a_mapping(self) -> None:
        VariableFactory.create(name="town", type="string")
        source = SourceFactory.create()
        form = suggested()
        mapping = answered(
            form,
            "target-0=email&target-1=&target-2=variable:town&target-3=new:boolean&variable-3=+remark+"
            f"&date_order=dmy&clear_blanks=1&source={source.pk}",
        )
        assert form.is_valid
        assert mapping == Mapping(
            width=4,
            columns=[
                Column(0, "Email", target="email"),
                Column(2, "City", variable="town", type="string"),
                Column(3, "notes", variable="remark", type="boolean"),
            ],
            date_order="dmy",
            clear_blanks=True,
            source_id=source.pk,
        )

    def test_that_say_nothing_leave_every_column_out(self) -> None:
        form = suggested()
        assert answered(form, "").columns == []
        assert not form.is_valid
        assert form.errors[0].startswith("Choose at least one column")

    @pytest.mark.parametrize("target", ["password", "variable:unknown", "new:colour", "new:", "variable:", ":", "\0"])
    def test_that_name_no_target_leave_the_column_out(self, target: str) -> None:
        assert answered(suggested(), f"target-0=email&target-1={target}").columns == [
            Column(0, "Email", target="email")
        ]

    @pytest.mark.parametrize(
        ("name", "why"),
        [
            *((name, "Latin letters") for name in ("", "two words", "1st", "місто", "a-b", "a\0")),
            *((name, "is reserved") for name in ("email", "firstName", "FIRSTNAME", "true", "companyname", "HOST")),
            ("x" * 41, "40 characters at most"),
            ("OLD", "is archived"),
        ],
    )
    def test_may_not_name_a_variable_like_this(self, name: str, why: str) -> None:
        VariableFactory.create(name="old", archived_at=now())
        form = suggested()
        answered(form, f"target-0=email&target-2=new:string&variable-2={name}")
        assert not form.is_valid
        assert form.errors == [], "it is said beside the column"
        assert why in form.choices[2].error
        assert form.choices[2].target == "new:string"

    @pytest.mark.parametrize("name", ["town", "Town", "TOWN"])
    def test_may_not_make_a_variable_a_second_time(self, name: str) -> None:
        VariableFactory.create(name="town")
        form = suggested()
        answered(form, f"target-0=email&target-2=new:string&variable-2={name}")
        assert form.choices[2].error == "There is a variable of this name already: choose it instead."

    def test_may_not_make_two_variables_of_one_name(self) -> None:
        form = suggested()
        answered(form, "target-0=email&target-2=new:string&variable-2=town&target-3=new:string&variable-3=Town")
        assert not form.is_valid

    def test_that_make_no_sense_about_every_row_are_refused(self) -> None:
        for answer in ("date_order=ydm", "source=999", "source=x", "clear_blanks=2"):
            assert not OptionsForm(QueryDict(answer)).is_valid()
        assert OptionsForm(QueryDict("")).is_valid()


def test_what_a_column_can_become_is_offered_in_groups() -> None:
    assert [group for group, _choices in suggested().target_groups] == ["Contact", "New variable"]
    VariableFactory.create(name="town")
    groups = dict(suggested().target_groups)
    assert groups["Your variables"] == [("variable:town", "town")]
    assert [value for value, _label in groups["New variable"]] == [
        "new:string",
        "new:number",
        "new:date",
        "new:boolean",
    ]


class TestFormat:
    def test_can_be_chosen_anew(self) -> None:
        form = FormatForm(QueryDict("encoding=cp1251&delimiter=%3B&quote=&header=0"))
        assert form.is_valid()
        assert form.format == Format("cp1251", ";", "", header=False)

    def test_shows_what_was_detected(self) -> None:
        chosen = Format("koi8-u", "\t", "'", header=False)
        form = FormatForm.of(chosen)
        answers = {name: str(form.get_initial_for_field(field, name)) for name, field in form.fields.items()}
        again = FormatForm(answers)
        assert again.is_valid()
        assert again.format == chosen

    @pytest.mark.parametrize(
        "answers",
        ["", "encoding=rot13&delimiter=,&header=1", "encoding=cp1251&delimiter=x&header=1", "encoding=cp1251"],
    )
    def test_of_no_kind_is_refused(self, answers: str) -> None:
        assert not FormatForm(QueryDict(answers)).is_valid()


def test_an_empty_file_is_told_at_once() -> None:
    files: MultiValueDict[str, UploadedFile[Any]] = MultiValueDict({"file": [SimpleUploadedFile("people.csv", b"")]})
    assert UploadForm({}, files).errors == {"file": ["The file is empty."]}
    assert "file" in UploadForm({}, MultiValueDict()).errors
