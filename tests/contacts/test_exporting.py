"""Contacts as a file, and back through our own import without any help."""

import csv
import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from activity import transfers
from activity.audit import Actor
from activity.exports.files import finished
from activity.exports.steps import FORMATS
from activity.models import Transfer
from activity.transfer_states import State
from config.models import User
from contacts import exporting
from contacts.forms import FilterForm
from contacts.identity import Invalid
from contacts.imports.formats import Format, sample_rows
from contacts.imports.forms import MappingForm
from contacts.imports.start import start
from contacts.imports.storage import table
from contacts.models import Contact, ContactList, VariableDefinition
from contacts.values import readers
from contacts.variable_types import to_json
from tests.factories import ContactFactory, SourceFactory, VariableFactory
from tests.odd_strings import odd_strings

pytestmark = pytest.mark.django_db

ACTOR = Actor(name="test")
URL = "/contacts/export/"
# What an export holds of a contact.
KEPT = (
    "user_id", "email", "phone", "first_name", "last_name", "birthday", "gender", "language", "source__name",
    "timezone", "avatar_url", "variables",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.TRANSFERS_ROOT = tmp_path / "transfers"


def filters(**chosen: str) -> FilterForm:
    query = QueryDict(mutable=True)
    query.update(chosen)
    return FilterForm(query, contact_list=ContactList.default())


def exported(*, format_: str = "csv", search: str = "", columns: list[str] | None = None, **chosen: str) -> Transfer:
    names = columns or [name for name, _label in exporting.choices()]
    form = filters(**chosen)
    transfer = exporting.start_contact_export(form, search=search, columns=names, format_=format_, actor=ACTOR)
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def rows_of(transfer: Transfer) -> list[list[str]]:
    assert transfer.state == State.DONE, transfer.error
    with finished(transfer).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def ids_in(transfer: Transfer) -> list[str]:
    return [row[0] for row in rows_of(transfer)[1:]]


def everybody() -> list[tuple[Any, ...]]:
    return list(Contact.objects.order_by("user_id", "email").values_list(*KEPT))


def import_back(path: Path, tmp_path: Path) -> Transfer:
    """As somebody does who presses nothing but the buttons that lead on."""
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    transfer = start(file=copy, name=path.name, actor=ACTOR)
    for step in ("inspect", "check", "run"):
        if step != "inspect":
            format_ = Format.load(transfer.parameters["format"])
            mapping = MappingForm.suggested(sample_rows(table(transfer), format_), format_).mapping().dump()
            parameters = transfer.parameters | {"mapping": mapping}
            transfers.queue(transfer, step=step, actor=ACTOR, parameters=parameters)
        transfers.run(transfer.pk)
        transfer.refresh_from_db()
        assert not transfer.error
    return transfer


def furnish(*, without: str = "") -> int:
    """Contacts with every kind of value, also such as a spreadsheet would take for formulas. Returns how many.

    Odd strings with a character of `without` are left out.
    """
    types = {"city": "string", "orders": "number", "lastPurchase": "date", "vip": "boolean"}
    for name, type_ in types.items():
        VariableFactory.create(name=name, type=type_)
    source = SourceFactory.create(code="fair", name="Spring fair, 2026")
    ContactFactory.create(
        user_id="=u-1",
        email="olena.k@example.com",
        phone="+380671234567",
        first_name="Олена",
        last_name='O\'Brien, "the" second',
        birthday=datetime.date(1991, 3, 14),
        gender=2,
        language="uk",
        source=source,
        timezone="Europe/Kyiv",
        avatar_url="https://example.com/a.png?x=1,2",
        variables={"city": "=cmd|' /C calc'!A0", "orders": Decimal("-1234567890123456.25"), "vip": True},
    )
    ContactFactory.create(
        user_id="'=u-2", email=None, gender=9, timezone="+04:00", variables={"lastPurchase": "2025-06-18"}
    )
    ContactFactory.create(
        user_id="007",
        email=None,
        phone="+12125550123",
        gender=1,
        is_active=False,
        variables={"orders": Decimal("0.001")},
    )
    odd = 0
    name_of = readers("", region="UA", sources=dict)["firstName"]
    for number, text in enumerate(odd_strings()):
        try:
            name, city = name_of(text), to_json("string", text)
        except Invalid:
            continue
        if text.strip() and city and not set(without) & set(text):
            ContactFactory.create(user_id=f"odd-{number}", email=None, first_name=name, variables={"city": text})
            odd += 1
    assert odd > 200
    return odd + 3


@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_exported_our_import_takes_back_as_it_is(format_: str, tmp_path: Path) -> None:
    # Two code points are no characters of XML.
    count = furnish(without="\ufffe\uffff" if format_ == "xlsx" else "")
    before = everybody()
    path = finished(exported(format_=format_))
    again = import_back(path, tmp_path)
    assert everybody() == before
    assert again.result["unchanged"] == count, again.result

    Contact.objects.all().delete()
    fresh = import_back(path, tmp_path)
    assert fresh.result["new"] == count, fresh.result
    assert everybody() == before


def test_no_cell_of_the_csv_is_a_formula() -> None:
    furnish()
    cells = [cell for row in rows_of(exported()) for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "@", "\t", "\r"}]
    signed = {cell for cell in cells if cell[:1] in {"+", "-"}}
    assert {"+380671234567", "+12125550123", "-1234567890123456.25"} <= signed
    assert all(re.fullmatch(r"[+-][0-9]+(\.[0-9]+)?", cell) for cell in signed)
    assert "'+04:00" in cells


def test_filters_and_search_the_newest_first() -> None:
    first, second, other = (
        ContactFactory.create(user_id=name, email=None, first_name=name, last_name=last, is_active=active)
        for name, last, active in (("anna", "Koval", True), ("ann", "Koval", True), ("anne", "Bondar", False))
    )
    assert ids_in(exported()) == [other.user_id, second.user_id, first.user_id]
    assert ids_in(exported(status="active")) == [second.user_id, first.user_id]
    found = exported(search="koval anna")
    assert ids_in(found) == [first.user_id]
    assert found.parameters.get("search") is None, "it is forgotten with the end"


def test_chosen_columns_in_their_order() -> None:
    VariableFactory.create(name="city", type="string")
    ContactFactory.create(email="a@example.com", score=5, variables={"city": "Kyiv"})
    rows = rows_of(exported(columns=["email", "variable:city", "score", "active"]))
    assert rows == [["Email", "city", "Contact score", "Active"], ["a@example.com", "Kyiv", "5", "yes"]]


def test_a_search_is_forgotten_with_the_files_at_the_latest() -> None:
    ContactFactory.create(first_name="Olga")
    transfer = exporting.start_contact_export(filters(), search="olga", columns=["email"], format_="csv", actor=ACTOR)
    Transfer.objects.update(state=State.FAILED, expires_at=now() - datetime.timedelta(seconds=1))
    transfers.expire()
    transfer.refresh_from_db()
    assert "search" not in transfer.parameters
    assert transfer.parameters["columns"] == ["email"]


def test_a_filter_that_is_gone_lets_nobody_through() -> None:
    source = SourceFactory.create()
    ContactFactory.create()
    form = filters(source=str(source.pk))
    transfer = exporting.start_contact_export(form, search="", columns=["email"], format_="csv", actor=ACTOR)
    source.delete()
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    assert transfer.state == State.FAILED
    assert transfer.error == "What was filtered by is not there any more. Ask for the export anew."


class TestPage:
    def test_it_says_who_and_offers_all_columns(self, site: Client) -> None:
        VariableFactory.create(name="city", label="City")
        ContactFactory.create_batch(2, is_active=False)
        ContactFactory.create()
        page = site.get(f"{URL}?status=inactive").content.decode()
        assert "2 contacts" in page
        assert "Inactive" in page
        assert "City" in page
        assert page.count("checked") == len(exporting.choices()) + 1

    def test_it_starts_the_export_and_leads_to_the_log(self, site: Client, marketer: User) -> None:
        source = SourceFactory.create()
        response = site.post(
            f"{URL}?source={source.pk}&sort=name", {"format": "xlsx", "columns": ["email", "phoneNumber"]}
        )
        assert response["Location"] == "/activity/transfers/"
        transfer = Transfer.objects.get()
        assert transfer.owner == marketer
        assert transfer.parameters["filters"] == {"source": str(source.pk)}
        assert transfer.parameters["columns"] == ["email", "phoneNumber"]
        page = site.get(transfer.url).content.decode()
        for words in ("Contact export", "Email, Phone number", source.name):
            assert words in page

    def test_it_takes_the_search_along(self, site: Client) -> None:
        ContactFactory.create(first_name="Olga")
        ContactFactory.create(first_name="Nina")
        found = site.post("/contacts/search/", {"q": "olg"}).context["list_url"]
        word = found.partition("search=")[2]
        assert "1 contact" in site.get(f"{URL}?search={word}").content.decode()
        site.post(f"{URL}?search={word}", {"format": "csv", "columns": ["email"]})
        assert Transfer.objects.get().parameters["search"] == "olg"

    def test_a_forgotten_search_exports_nobody(self, site: Client) -> None:
        response = site.post(f"{URL}?search=forgotten", {"format": "csv", "columns": ["email"]})
        assert "Your search is not known any more." in response.content.decode()
        assert not Transfer.objects.exists()

    @pytest.mark.parametrize("data", [{}, {"format": "csv"}, {"format": "exe", "columns": "email"}])
    def test_bad_input_gets_a_sentence(self, data: dict[str, str], site: Client) -> None:
        response = site.post(URL, data)
        assert response.status_code == 200
        assert "errorlist" in response.content.decode()
        assert not Transfer.objects.exists()

    def test_the_list_leads_there_with_its_filters(
        self, site: Client, signed_in: Callable[[User], Client], support: User
    ) -> None:
        ContactFactory.create()
        assert 'href="/contacts/export/?status=active"' in site.get("/contacts/?status=active").content.decode()
        assert "/contacts/export/" not in signed_in(support).get("/contacts/").content.decode()

    def test_the_page_asks_the_database_little(
        self, site: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        VariableFactory.create_batch(5)
        with django_assert_num_queries(12):
            site.get(URL)
        assert VariableDefinition.objects.count() == 5
