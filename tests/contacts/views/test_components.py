"""The page that leads to all that is registered."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.models import User
from config.roles import ADMIN, MARKETER, SUPPORT
from contacts.views.components import KINDS
from tests.factories import SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

# Of the site itself, not of its admin.
SCORES = "/contacts/components/scores/"
LISTS = {
    "/admin/contacts/source/",
    "/admin/contacts/variabledefinition/",
    "/admin/contacts/accountvariable/",
    "/admin/contacts/contactlist/",
    "/admin/activity/customeventtype/",
    "/admin/messaging/template/",
    SCORES,
}


def links(site: Client) -> set[str]:
    page = site.get("/contacts/components/")
    assert page.status_code == 200
    return {each[key] for each in page.context["kinds"] for key in ("list_url", "add_url")} - {""}


@pytest.mark.parametrize(
    ("role", "added"),
    [(ADMIN, LISTS), (MARKETER, LISTS - {"/admin/contacts/contactlist/"}), (SUPPORT, set())],
)
def test_each_role_finds_the_way_to_what_it_may_do(
    role: str, added: set[str], signed_in: Callable[[User], Client]
) -> None:
    site = signed_in(UserFactory.create(role=role, is_staff=True))
    assert links(site) == LISTS | {f"{each}add/" for each in added}
    for link in links(site):
        assert site.get(link).status_code == 200


def test_who_is_not_let_into_the_admin_reads_what_there_is(site: Client) -> None:
    SourceFactory.create_batch(3)
    assert links(site) == {SCORES, f"{SCORES}add/"}
    page = site.get("/contacts/components/").content.decode()
    assert "an admin can let you in" in page
    assert [each["count"] for each in site.get("/contacts/components/").context["kinds"]] == [3, 0, 0, 1, 0, 0, 0]


def test_it_asks_once_a_kind(site: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(2 + len(KINDS)):
        links(site)
