"""Components in the Django admin: what each role does there, what is refused, and what is written down."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection
from django.forms import model_to_dict
from django.test import Client, RequestFactory

from activity import components
from activity.audit import Actor
from activity.models import AuditEntry, Component, CustomEventType
from config.models import User
from config.roles import ADMIN, MARKETER, SUPPORT
from contacts import identity
from contacts.identity.text import lines
from contacts.models import AccountVariable, ContactList, Source, VariableDefinition
from tests.factories import (
    AccountVariableFactory,
    ContactFactory,
    ContactListFactory,
    EventTypeFactory,
    SourceFactory,
    UserFactory,
    VariableFactory,
)
from tests.odd_strings import odd_strings

pytestmark = pytest.mark.django_db

ADDRESSES: dict[type[Component], str] = {
    Source: "/admin/contacts/source/",
    VariableDefinition: "/admin/contacts/variabledefinition/",
    AccountVariable: "/admin/contacts/accountvariable/",
    ContactList: "/admin/contacts/contactlist/",
    CustomEventType: "/admin/activity/customeventtype/",
}
# What is sent to add one, and to change it, and what then is other.
ADDED: dict[type[Component], dict[str, Any]] = {
    Source: {"name": "Fair", "code": "fair", "acquisition_cost": "1.25", "currency": "EUR"},
    VariableDefinition: {"name": "size", "label": "Size", "type": "string"},
    AccountVariable: {"name": "supportPhone", "label": "Support", "type": "string", "value": "+380 44"},
    ContactList: {"name": "Partners", "company_name": "Boots", "company_country": "UA"},
    CustomEventType: {"name": "purchase", "is_conversion": "on"},
}
CHANGED: dict[type[Component], dict[str, Any]] = {
    Source: {"acquisition_cost": "2.50"},
    VariableDefinition: {"label": "Shoe size"},
    AccountVariable: {"value": "+380 67"},
    ContactList: {"company_country": "PL"},
    CustomEventType: {"is_conversion": ""},
}
FIELDS = {Source: "acquisition_cost", VariableDefinition: "label", AccountVariable: "value"} | {
    ContactList: "company_country",
    CustomEventType: "is_conversion",
}
EACH = pytest.mark.parametrize("model", ADDRESSES, ids=lambda model: model._meta.model_name)


@pytest.fixture
def staff(signed_in: Callable[[User], Client]) -> Callable[[str], Client]:
    return lambda role: signed_in(UserFactory.create(role=role, is_staff=True))


@pytest.fixture
def administration(staff: Callable[[str], Client]) -> Client:
    return staff(ADMIN)


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


@EACH
@pytest.mark.parametrize("role", [MARKETER, ADMIN])
def test_they_are_added_and_changed_and_that_is_written_down(
    role: str, model: type[Component], staff: Callable[[str], Client]
) -> None:
    if role == MARKETER and model is ContactList:
        ContactListFactory.create(**ADDED[model])
    else:
        assert staff(role).post(f"{ADDRESSES[model]}add/", ADDED[model]).status_code == 302
        entry = AuditEntry.objects.latest("pk")
        assert entry.verb == f"{model._meta.model_name}.add"
    site = staff(role)
    row = model._default_manager.latest("pk")
    assert site.post(f"{ADDRESSES[model]}{row.pk}/change/", ADDED[model] | CHANGED[model]).status_code == 302
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.object_id) == (f"{model._meta.model_name}.change", row.pk)
    assert entry.details == {"name": ADDED[model]["name"], "fields": [FIELDS[model]]}
    assert entry.actor_name.startswith("colleague")
    assert entry.ip == "127.0.0.1"


@EACH
def test_support_reads_them(model: type[Component], staff: Callable[[str], Client]) -> None:
    row = model._default_manager.create(
        **{**ADDED[model], "is_conversion": True} if model is CustomEventType else ADDED[model]
    )
    site = staff(SUPPORT)
    address = f"{ADDRESSES[model]}{row.pk}/"
    assert str(row) in site.get(f"{address}change/").content.decode()
    assert site.post(f"{address}change/", ADDED[model] | CHANGED[model]).status_code == 403
    assert site.post(f"{ADDRESSES[model]}add/", ADDED[model]).status_code == 403
    assert site.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert not AuditEntry.objects.exists()


@EACH
def test_only_admins_delete_and_only_what_nobody_uses(model: type[Component], staff: Callable[[str], Client]) -> None:
    row = model._default_manager.create(
        **{**ADDED[model], "is_conversion": True} if model is CustomEventType else ADDED[model]
    )
    address = f"{ADDRESSES[model]}{row.pk}/delete/"
    assert staff(MARKETER).post(address, {"post": "yes"}).status_code == 403
    many = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    staff(ADMIN).post(ADDRESSES[model], many)
    assert model._default_manager.filter(pk=row.pk).exists(), "they are deleted one by one"
    assert staff(ADMIN).get(address).status_code == 200
    assert staff(ADMIN).post(address, {"post": "yes"}).status_code == 302
    assert not model._default_manager.filter(pk=row.pk).exists()
    assert AuditEntry.objects.latest("pk").verb == f"{model._meta.model_name}.delete"


def test_what_is_in_use_stays_and_the_page_says_how_many_use_it(administration: Client) -> None:
    other, source, variable = ContactListFactory.create(), SourceFactory.create(), VariableFactory.create(name="size")
    ContactFactory.create_batch(3, contact_list=other, source=source, variables={"size": "XL"})
    for row, words in ((other, "are on this list"), (source, "came by this source"), (variable, "archive it instead")):
        address = f"{ADDRESSES[type(row)]}{row.pk}/"
        for response in (
            administration.get(f"{address}delete/", follow=True),
            administration.post(f"{address}delete/", {"post": "yes"}, follow=True),
        ):
            assert response.request["PATH_INFO"] == f"{address}change/"
            page = response.content.decode()
            assert "3 contacts" in page
            assert words in page
        assert type(row)._default_manager.filter(pk=row.pk).exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("model", [VariableDefinition, CustomEventType])
def test_archived_ones_can_be_taken_back(model: type[Any], staff: Callable[[str], Client]) -> None:
    row = VariableFactory.create(name="size") if model is VariableDefinition else EventTypeFactory.create(name="buy")
    kind, site = model._meta.model_name, staff(MARKETER)
    data = {"name": "other", "label": "", "type": "string"}
    site.post(f"{ADDRESSES[model]}{row.pk}/change/", data | {"archived": "on"})
    row.refresh_from_db()
    assert row.archived
    assert row.name in {"size", "buy"}, "the name stays"
    assert str(row) in site.get(f"{ADDRESSES[model]}?archived=yes").content.decode()
    assert str(row) not in site.get(f"{ADDRESSES[model]}?archived=no").content.decode().partition("result_list")[2]
    site.post(f"{ADDRESSES[model]}{row.pk}/change/", data | {"initial-archived": "False"})
    assert model._default_manager.get(pk=row.pk).archived, "who has not seen it archived takes nothing back"
    site.post(f"{ADDRESSES[model]}{row.pk}/change/", data | {"initial-archived": "True"})
    assert not model._default_manager.get(pk=row.pk).archived
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == [f"{kind}.archive", f"{kind}.restore"]


class TestVariables:
    def test_another_type_is_refused_where_values_do_not_fit_with_their_number(self, administration: Client) -> None:
        variable = VariableFactory.create(name="size", type="string")
        ContactFactory.create(variables={"size": "42"})
        ContactFactory.create_batch(2, variables={"size": "large"})
        address = f"{ADDRESSES[VariableDefinition]}{variable.pk}/change/"
        response = administration.post(address, {"label": "New", "type": "number"})
        assert errors(response) == {"type": ["2 contacts have a value that is no number. Change or clear these first."]}
        variable.refresh_from_db()
        assert (variable.type, variable.label) == ("string", "")
        assert administration.post(address, {"label": "New", "type": "string"}).status_code == 302

    def test_another_type_converts_values_that_fit(self, administration: Client) -> None:
        variable = VariableFactory.create(name="size", type="string")
        contact = ContactFactory.create(variables={"size": "42"})
        administration.post(f"{ADDRESSES[VariableDefinition]}{variable.pk}/change/", {"type": "number"})
        contact.refresh_from_db()
        assert contact.variables == {"size": 42}
        assert AuditEntry.objects.get().details["fields"] == ["type"]

    @pytest.mark.parametrize("model", [VariableDefinition, AccountVariable])
    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("firstName", "reserved"),
            ("COMPANYNAME", "reserved"),
            ("two words", "Latin letters"),
            ("x" * 41, "40"),
            ("taken", "already"),
            ("Taken", "of this name already"),
        ],
    )
    def test_a_name_is_refused_in_words(self, model: type[Any], name: str, why: str, administration: Client) -> None:
        VariableFactory.create(name="taken")
        AccountVariableFactory.create(name="taken")
        response = administration.post(f"{ADDRESSES[model]}add/", {"name": name, "type": "string"})
        assert response.status_code == 200
        assert why in str(errors(response))
        assert model.objects.count() == 1

    @pytest.mark.parametrize(("type_", "value"), [("number", "many"), ("date", "soon"), ("boolean", "maybe")])
    def test_a_value_of_the_account_is_of_its_type(self, type_: str, value: str, administration: Client) -> None:
        data = {"name": "v", "type": type_, "value": value}
        response = administration.post(f"{ADDRESSES[AccountVariable]}add/", data)
        assert errors(response)["value"][0].startswith(f"“{value}” is ")


def test_a_cost_has_a_currency(administration: Client) -> None:
    data = {"name": "Fair", "code": "fair", "acquisition_cost": "1"}
    response = administration.post(f"{ADDRESSES[Source]}add/", data)
    assert errors(response) == {"currency": ["Choose the currency of the cost."]}
    response = administration.post(f"{ADDRESSES[Source]}add/", {**data, "acquisition_cost": "-1", "currency": "EUR"})
    assert errors(response)["acquisition_cost"] == ["A cost is not below 0."]


@pytest.mark.parametrize(("cost", "shown"), [("1.5", "1.50 EUR"), ("0.0125", "0.0125 EUR"), ("1000", "1,000.00 EUR")])
def test_costs_are_listed_as_people_write_them(cost: str, shown: str, administration: Client) -> None:
    SourceFactory.create(acquisition_cost=cost, currency="EUR")
    SourceFactory.create()
    assert shown in administration.get(ADDRESSES[Source]).content.decode()


def test_a_cost_is_changed_as_people_write_it(administration: Client) -> None:
    source = SourceFactory.create(acquisition_cost="4.2", currency="EUR")
    page = administration.get(f"{ADDRESSES[Source]}{source.pk}/change/").content.decode()
    assert 'name="acquisition_cost" value="4.20"' in page


@EACH
def test_two_of_one_name_are_told_once(model: type[Component], administration: Client) -> None:
    for expected in (302, 200):
        response = administration.post(f"{ADDRESSES[model]}add/", ADDED[model])
        assert response.status_code == expected
    assert set(errors(response)) == ({"name", "code"} if model is Source else {"name"})
    assert {len(reasons) for reasons in errors(response).values()} == {1}
    assert len([row for row in model._default_manager.all() if str(row) != "Default Contact List"]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"name": "Fair", "code": "other"}, "There is a source of this name"),
        ({"name": "Other", "code": "FAIR"}, "Another source has this as its ID"),
    ],
)
def test_who_loses_a_race_for_a_name_reads_so_beside_what_was_written(
    other: dict[str, str], why: str, administration: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody takes the name after the form has looked and before it is kept."""
    hold, others = components.hold, [Source(**other)]

    def come_first() -> None:
        others.pop().save()
        connection.close()

    def be_late(model: type[Component]) -> None:
        if others:
            with ThreadPoolExecutor(1) as beside:
                beside.submit(come_first).result()
        hold(model)

    monkeypatch.setattr(components, "hold", be_late)
    sent = ADDED[Source] | {"name": "Fair", "code": "mine", "currency": "USD"}
    response = administration.post(f"{ADDRESSES[Source]}add/", sent)
    assert response.status_code == 200
    assert why in str(errors(response))
    assert '<option value="USD" selected>' in response.content.decode()
    assert Source.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_take_each_others_name_at_once_do_not_both_get_it() -> None:
    refused: list[ValidationError] = []

    def add(name: str, code: str) -> None:
        try:
            components.save(Source(name=name, code=code), actor=Actor(), fields=["name", "code"])
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as beside:
        for n in range(4):
            beside.submit(add, "fair", f"a{n}")
            beside.submit(add, f"b{n}", "fair")
    words = [word.lower() for row in Source.objects.values_list("name", "code") for word in row]
    assert words.count("fair") == 1
    assert len(refused) == 8 - Source.objects.count()


class TestFormsThatAreOld:
    """What one has not touched stays as it is by now, whoever changed it since the form was made."""

    @pytest.fixture
    def source(self) -> Source:
        return SourceFactory.create(name="Fair", code="fair", acquisition_cost="1", currency="EUR")

    def sent(self, page: str) -> dict[str, str]:
        """What a browser would send back of the form: each field, and what it was made with."""
        fields = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page)
        chosen = re.findall(r'<select name="([^"]+)".*?<option value="([^"]*)" selected', page, re.DOTALL)
        texts = re.findall(r'<textarea name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page)
        return {name: unescape(value) for name, value in [*fields, *chosen, *texts] if not name.startswith("_")}

    def test_another_field_keeps_what_somebody_else_wrote(self, source: Source, administration: Client) -> None:
        address = f"{ADDRESSES[Source]}{source.pk}/change/"
        form = self.sent(administration.get(address).content.decode())
        assert {"name", "initial-name", "currency", "initial-currency"} <= form.keys()
        Source.objects.update(name="Spring fair", currency="USD")
        assert administration.post(address, form | {"acquisition_cost": "2"}).status_code == 302
        source.refresh_from_db()
        assert (source.name, source.currency, source.acquisition_cost) == ("Spring fair", "USD", Decimal(2))
        assert AuditEntry.objects.latest("pk").details["fields"] == ["acquisition_cost"]

    def test_the_same_field_tells_what_it_is_by_now_and_asks_once_more(
        self, source: Source, administration: Client
    ) -> None:
        address = f"{ADDRESSES[Source]}{source.pk}/change/"
        form = self.sent(administration.get(address).content.decode()) | {"name": "Mine"}
        Source.objects.update(name="Spring fair")
        refused = administration.post(address, form)
        assert errors(refused) == {
            "name": ["Somebody has changed this to “Spring fair” meanwhile. Save again to replace it with yours."]
        }
        again = self.sent(refused.content.decode())
        assert (again["name"], again["initial-name"]) == ("Mine", "Spring fair")
        assert administration.post(address, again).status_code == 302
        source.refresh_from_db()
        assert source.name == "Mine"

    def test_lines_are_compared_as_lines(self, administration: Client) -> None:
        found = ContactListFactory.create(name="Partners", company_address="1 Main St\nKyiv", is_default=False)
        address = f"{ADDRESSES[ContactList]}{found.pk}/change/"
        form = self.sent(administration.get(address).content.decode())
        form = {name: value.replace("\n", "\r\n") for name, value in form.items()}
        assert administration.post(address, form | {"company_address": "2 Main St\r\nKyiv"}).status_code == 302
        found.refresh_from_db()
        assert found.company_address == "2 Main St\nKyiv"
        assert AuditEntry.objects.latest("pk").details["fields"] == ["company_address"]

    @EACH
    def test_saved_as_it_was_it_changes_nothing(self, model: type[Component], administration: Client) -> None:
        administration.post(f"{ADDRESSES[model]}add/", ADDED[model])
        row = model._default_manager.latest("pk")
        before, entries = model_to_dict(row), AuditEntry.objects.count()
        address = f"{ADDRESSES[model]}{row.pk}/change/"
        form = self.sent(administration.get(address).content.decode())
        if model is CustomEventType:
            form |= {"is_conversion": "on"}
        assert administration.post(address, form).status_code == 302
        assert model_to_dict(model._default_manager.get(pk=row.pk)) == before
        assert AuditEntry.objects.count() == entries

    def test_what_has_been_deleted_is_said(self, source: Source, administration: Client) -> None:
        fields = {"name": "Mine"}
        Source.objects.all().delete()
        source.name = "Mine"
        with pytest.raises(components.Impossible, match="deleted"):
            components.save(source, actor=Actor(), fields=fields)


class TestNamesOfSources:
    @pytest.mark.parametrize(
        ("name", "code", "where", "why"),
        [
            ("autumn FAIR", "x", "name", "There is a source of this name already."),
            ("X", "FAIR26", "code", "There is a source with this ID already."),
            ("Fair26", "x", "name", "Another source has this as its ID. Imports could not tell them apart."),
            ("X", "Autumn", "code", None),
            ("X", "leaflet", "code", "Another source has this as its name. Imports could not tell them apart."),
        ],
    )
    def test_differ_by_more_than_capitals(
        self, name: str, code: str, where: str, why: str | None, administration: Client
    ) -> None:
        SourceFactory.create(name="Autumn Fair", code="fair26")
        SourceFactory.create(name="Leaflet", code="paper")
        response = administration.post(f"{ADDRESSES[Source]}add/", {"name": name, "code": code})
        assert (errors(response) if response.context else {}) == ({where: [why]} if why else {})

    def test_may_be_alike_within_one_source(self, administration: Client) -> None:
        for _again in range(2):
            source = Source.objects.filter(code="Fair").first()
            address = f"{source.pk}/change/" if source else "add/"
            administration.post(f"{ADDRESSES[Source]}{address}", {"name": "fair", "code": "Fair"})
        assert Source.objects.get().name == "fair"


@EACH
def test_they_are_found_by_name_and_explained(model: type[Component], administration: Client) -> None:
    row = model._default_manager.create(
        **{**ADDED[model], "is_conversion": True} if model is CustomEventType else ADDED[model]
    )
    assert administration.get(ADDRESSES[model], {"q": ADDED[model]["name"].upper()}).context["cl"].result_count == 1
    assert administration.get(ADDRESSES[model], {"q": "nothing like it"}).context["cl"].result_count == 0
    page = administration.get(f"{ADDRESSES[model]}{row.pk}/change/").content.decode()
    assert 'class="help"' in page


@EACH
def test_five_hundred_odd_texts_are_kept_exactly_or_refused_with_a_reason(model: type[Component], admin: User) -> None:
    """Where a field takes one, it comes back as it was, but for blanks around it."""
    request = RequestFactory().get("/")
    request.user = admin
    make_form = admin_site_form(model, request)
    texts = {
        Source: ("name", "code"),
        VariableDefinition: ("name", "label"),
        AccountVariable: ("label", "value"),
        ContactList: ("name", "host", "company_name", "company_email", "company_address", "unsubscribe_url"),
        CustomEventType: ("name",),
    }[model]
    kept = 0
    for number, text in enumerate(odd_strings()):
        usual = {**ADDED[model], "name": f"n{number}", "code": f"n{number}"}
        refused = make_form(usual | dict.fromkeys(texts, text)).errors
        assert all(str(error) for errors in refused.values() for error in errors)
        taken = [field for field in texts if field not in refused]
        row = make_form(usual | dict.fromkeys(taken, text)).save()
        row.refresh_from_db()
        for field in taken:
            if field == "company_email" and text.strip():
                assert row.company_email == identity.email(text)
            else:
                assert getattr(row, field) == lines(text if field == "value" else text.strip())
        model._base_manager.filter(pk=row.pk)._raw_delete("default")  # with nothing that could belong to it
        kept += len(taken)
    # Few odd strings are names of Latin letters.
    assert kept > (5 if model is CustomEventType else 20 if model is VariableDefinition else 200)


def admin_site_form(model: type[Component], request: Any) -> Any:
    return admin.site._registry[model].get_form(request)
