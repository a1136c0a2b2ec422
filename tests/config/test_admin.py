"""The Django admin: its way in, and what each role may do there."""

from collections.abc import Callable

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client

from activity.audit import Actor, record
from config.models import User
from config.roles import ADMIN, MARKETER, PERMISSIONS, ROLE_LABELS, SUPPORT
from contacts.models import ContactList, Source
from tests.factories import PASSWORD, ContactListFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

MODELS = sorted(model._meta.label_lower for model in django_admin.site._registry)
# What nobody does by hand, whatever the role.
READ_ONLY = {"activity.auditentry", "axes.accessattempt"}


@pytest.fixture
def staff(signed_in: Callable[[User], Client]) -> Callable[[str], Client]:
    """Gives the browser of somebody of a role who is let into the admin."""
    return lambda role: signed_in(UserFactory.create(role=role, is_staff=True))


@pytest.fixture
def administration(staff: Callable[[str], Client]) -> Client:
    return staff(ADMIN)


def test_its_way_in_is_the_sites_own(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/contacts/source/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2Fcontacts%2Fsource%2F"


def test_its_own_form_lets_nobody_past_the_lockout(client: Client) -> None:
    user = UserFactory.create(is_staff=True, is_superuser=True)
    client.post("/admin/login/?next=/admin/", {"username": user.username, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_who_signs_in_for_it_comes_to_it(client: Client, admin: User) -> None:
    client.post("/accounts/login/", {"login": admin.username, "password": PASSWORD, "next": "/admin/"})
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("role", [*ROLE_LABELS, ""])
@pytest.mark.parametrize("model", MODELS)
def test_a_role_sees_and_changes_what_the_table_says(model: str, role: str, staff: Callable[[str], Client]) -> None:
    app, name = model.split(".")
    site = staff(role)

    def may(action: str) -> bool:
        return role in PERMISSIONS.get(f"{app}.{action}_{name}", ())

    listed = site.get(f"/admin/{app}/{name}/").status_code
    added = site.get(f"/admin/{app}/{name}/add/").status_code
    assert (listed == 200) == (may("view") or may("change"))
    assert (added == 200) == (may("add") and model not in READ_ONLY)
    assert {listed, added} <= {200, 403}


@pytest.mark.parametrize("role", [*ROLE_LABELS, ""])
def test_sources_are_changed_by_marketers_and_deleted_by_admins(role: str, staff: Callable[[str], Client]) -> None:
    source, site = SourceFactory.create(), staff(role)
    site.post(f"/admin/contacts/source/{source.pk}/change/", {"code": "shop", "name": "Shop"})
    assert Source.objects.filter(code="shop").exists() == (role in {MARKETER, ADMIN})

    site.post(f"/admin/contacts/source/{source.pk}/delete/", {"post": "yes"})
    assert Source.objects.exists() == (role != ADMIN)


@pytest.mark.parametrize("code", ["two words", "a-b", "джерело", "", "x" * 41])
def test_a_sources_id_is_letters_and_digits(code: str, administration: Client) -> None:
    response = administration.post("/admin/contacts/source/add/", {"code": code, "name": "Shop"})
    assert response.status_code == 200
    assert 'class="errorlist"' in response.content.decode()
    assert not Source.objects.exists()


def test_the_default_list_can_be_renamed_but_not_deleted(administration: Client) -> None:
    default, other = ContactList.default(), ContactListFactory.create()
    assert administration.post(f"/admin/contacts/contactlist/{default.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [default.pk, other.pk], "post": "yes"}
    administration.post("/admin/contacts/contactlist/", chosen)
    administration.post(f"/admin/contacts/contactlist/{default.pk}/change/", {"name": "Customers"})

    assert ContactList.default().name == "Customers"


def test_the_audit_log_is_for_reading(administration: Client, admin: User) -> None:
    entry = record(actor=Actor(admin, admin.username, "192.0.2.7"), verb="import.run")
    address = f"/admin/activity/auditentry/{entry.pk}"

    assert "import.run" in administration.get("/admin/activity/auditentry/").content.decode()
    assert administration.get(f"{address}/change/").status_code == 200
    assert administration.post(f"{address}/change/", {"verb": "nothing"}).status_code == 403
    assert administration.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"}
    administration.post("/admin/activity/auditentry/", chosen)
    entry.refresh_from_db()
    assert entry.verb == "import.run"


class TestStaff:
    def test_an_admin_makes_a_colleague_with_a_role(self, administration: Client) -> None:
        password = "a good long sentence"
        data = {
            "username": "newcomer",
            "email": "newcomer@example.com",
            "usable_password": "true",
            "password1": password,
            "password2": password,
            "groups": [Group.objects.get(name=SUPPORT).pk],
        }
        assert administration.post("/admin/config/user/add/", data).status_code == 302
        newcomer = User.objects.get(username="newcomer")
        assert newcomer.role_label == "Support"
        assert not newcomer.is_staff
        assert newcomer.check_password(password)

    def test_nobody_makes_a_superuser_by_hand(self, administration: Client, support: User) -> None:
        data = {"username": "x", "is_superuser": "on", "is_active": "on", "date_joined_0": "2026-11-22"}
        administration.post(f"/admin/config/user/{support.pk}/change/", {**data, "date_joined_1": "12:00:00"})
        support.refresh_from_db()
        assert support.username == "x"
        assert not support.is_superuser

    def test_a_superusers_account_is_for_superusers_alone(
        self, administration: Client, signed_in: Callable[[User], Client]
    ) -> None:
        root = UserFactory.create(is_superuser=True, is_staff=True)
        new = {"usable_password": "true", "password1": "a good long sentence", "password2": "a good long sentence"}
        for address in (f"/admin/config/user/{root.pk}/password/", f"/admin/config/user/{root.pk}/change/"):
            assert administration.post(address, new).status_code == 403
            assert signed_in(root).get(address).status_code == 200
        root.refresh_from_db()
        assert root.check_password(PASSWORD)

    def test_a_colleague_is_switched_off_not_deleted(self, administration: Client, support: User) -> None:
        assert administration.post(f"/admin/config/user/{support.pk}/delete/", {"post": "yes"}).status_code == 403
        assert administration.get("/admin/config/user/").status_code == 200

    def test_an_admin_cannot_change_what_a_role_means(self, administration: Client) -> None:
        group = Group.objects.get(name=SUPPORT)
        assert administration.get(f"/admin/auth/group/{group.pk}/change/").status_code == 200
        assert administration.post(f"/admin/auth/group/{group.pk}/change/", {"name": "All"}).status_code == 403

    def test_an_admin_unlocks_who_has_failed_too_often(self, administration: Client, support: User) -> None:
        elsewhere = Client()
        for _attempt in range(8):
            elsewhere.post("/accounts/login/", {"login": support.username, "password": "wrong"})
        right = {"login": support.username, "password": PASSWORD}
        assert elsewhere.post("/accounts/login/", right).status_code == 429

        page = administration.get("/admin/axes/accessattempt/")
        attempts: list[Model] = list(page.context["cl"].queryset)
        chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in attempts], "post": "yes"}
        administration.post("/admin/axes/accessattempt/", chosen)
        assert elsewhere.post("/accounts/login/", right).status_code == 302
