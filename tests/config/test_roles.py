"""Every address has a rule, and keeps to it: who may go there follows from `config.roles` alone."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from activity import months
from activity.catalogue import Channel, Origin
from activity.feed import Cursor
from activity.models import Transfer
from activity.transfer_states import State
from config.models import User
from config.roles import ADMIN, MARKETER, PERMISSIONS, ROLE_LABELS, SUPPORT, permissions_of, sync_roles
from contacts.imports.refusals import RefusedRows
from messaging.content.content import Content
from messaging.content.render import Rendered
from messaging.delivery.outgoing import keep
from messaging.models import Message, WrittenContent
from scoring.models import Rule
from segments.models import Segment
from tests.factories import ContactFactory, EventFactory, NoteFactory, TransferFactory, UserFactory

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
# Of event 7, on 1 January 2026.
PLACE = "1767225600000000-7"

# What each page asks of whom; the Django admin's pages ask for their models' permissions (test_admin).
PAGES = {
    "contacts:list": "contacts.view_contact",
    "contacts:columns": "contacts.view_contact",
    "contacts:search": "contacts.view_contact",
    "contacts:components": "contacts.view_source",
    "contacts:profile": "contacts.view_contact",
    "contacts:news": "contacts.view_contact",
    "contacts:event": "contacts.view_contact",
    "contacts:variables": "contacts.view_contact",
    "message": "messaging.view_message",
    "messaging:outbox": "messaging.view_message",
    "messaging:content": "messaging.view_message",
    "messaging:resend": "messaging.resend_message",
    "messaging:settlement": "messaging.add_message",
    "messaging:cancellation": "messaging.add_message",
    "messaging:check": "messaging.add_message",
    "messaging:playing": "messaging.add_message",
    "composing:choose": "messaging.add_message",
    "composing:compose": "messaging.add_message",
    "composing:check": "messaging.add_message",
    "composing:preview": "messaging.add_message",
    "contacts:add": "contacts.add_contact",
    "contacts:add_check": "contacts.add_contact",
    "contacts:bulk": "contacts.change_contact",
    "contacts:bulk_detail": "contacts.change_contact",
    "contacts:bulk_progress": "contacts.change_contact",
    "contacts:bulk_cancel": "contacts.change_contact",
    "contacts:bulk_retry": "contacts.change_contact",
    "contacts:delete": "contacts.delete_contact",
    "contacts:edit": "contacts.change_contact",
    "contacts:value": "contacts.view_contact",
    "contacts:import": "contacts.import_contact",
    "contacts:import_detail": "contacts.import_contact",
    "contacts:import_columns": "contacts.import_contact",
    "contacts:import_progress": "contacts.import_contact",
    "contacts:import_run": "contacts.import_contact",
    "contacts:import_retry": "contacts.import_contact",
    "contacts:import_cancel": "contacts.import_contact",
    "contacts:import_refused": "contacts.import_contact",
    "notes:list": "notes.view_note",
    "notes:deletion": "notes.delete_own_note",
    "subscriptions:panel": "contacts.view_contact",
    "subscriptions:channel": "subscriptions.change_subscription",
    "subscriptions:action": "contacts.change_contact",
    "subscriptions:history": "subscriptions.view_consentrecord",
    "segments:list": "segments.view_segment",
    "segments:segment": "segments.view_segment",
    "segments:of_contact": "segments.view_segment",
    "segments:add": "segments.add_segment",
    "segments:edit": "segments.change_segment",
    "segments:archiving": "segments.change_segment",
    "scoring:list": "scoring.view_rule",
    "scoring:of_contact": "scoring.view_rule",
    "scoring:add": "scoring.add_rule",
    "scoring:edit": "scoring.change_rule",
    "scoring:pausing": "scoring.change_rule",
    "scoring:bounds": "scoring.change_rule",
    "scoring:delete": "scoring.delete_rule",
    "contacts:export": "activity.export",
    "contacts:export_feed": "activity.export",
    "activity:log": "activity.view_transfer",
    "activity:transfers": "activity.view_transfer",
    "activity:transfer": "activity.view_transfer",
    "activity:progress": "activity.view_transfer",
    "activity:cancel": "activity.view_transfer",
    "activity:retry": "activity.view_transfer",
}
# To whom they do not open they are not there (tests.activity.exports.test_downloads).
LINKS = {"activity:download"}
SIGNED_IN = {
    "home",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}
NEED_A_SECOND_FACTOR = {"mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes"}
OPEN = {"account_login", "account_logout", "account_inactive", "account_signup", "mfa_authenticate", "favicon"}
# Open to whoever has the link, and to nobody else (test_leaving, test_tracking, webpush/test_requests).
BY_LINK = {"leave", "join", "opened", "clicked", "push:page"}
# These answer machines, each by a rule of its own (test_health, test_metrics, tests of providers).
SCRIPTS = {f"push:{each}" for each in ("worker", "snippet", "key", "join", "leave", "look")}
MACHINES = {"healthz", "metrics", "hook"} | SCRIPTS
ADMIN_WITHOUT_SIGN_IN = {"admin:login"}


def names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern.url_patterns, inner)
        else:
            assert pattern.name or namespace == "admin:", f"{pattern} has no name, so no rule"
            yield f"{namespace}{pattern.name}"


NAMES = set(names(get_resolver().url_patterns))
ADMIN_PAGES = {name for name in NAMES if name.startswith("admin:")} - {"admin:None"}


def address(name: str) -> str:
    """The address of that name: of contact, note, message or import 7, or of object 7 in the admin."""
    if name == "message":
        return f"{reverse(name, args=[7])}?of=7&at={PLACE}"
    for arguments in (
        {},
        {"pk": 7},
        {"pk": 7, "note": 7},
        {"pk": 7, "name": "email"},
        {"pk": 7, "slug": "email"},
        {"pk": 7, "action": "deactivate"},
        {"pk": 7, "place": PLACE},
        {"pk": 7, "number": 7, "step": "submit"},
        {"object_id": "7"},
        {"id": 7},
        {"app_label": "contacts"},
    ):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    return reverse(name, kwargs={"content_type_id": "7", "object_id": "7"})


def visit(client: Client, name: str) -> tuple[int, str]:
    """Status and target of whichever method the address takes, GET or POST."""
    response = client.get(address(name))
    if response.status_code == 405:
        response = client.post(address(name))
    response.close()
    return response.status_code, response.headers.get("Location", "")


@pytest.fixture
def give_data() -> Callable[[User], None]:
    """Gives segment 7, rule 7, contact 7, note 7 on it and import 7 with refused rows to a member of the staff."""

    def give(user: User) -> None:
        contact = ContactFactory.create(pk=7)
        NoteFactory.create(pk=7, contact=contact, author=user)
        place = Cursor.read(PLACE)
        months.ensure([months.month_of(place.occurred_at)])
        EventFactory.create(pk=place.id, contact=contact, occurred_at=place.occurred_at, message_id=7)
        rendered = keep(contact.pk, Rendered(text="Hello"))
        written = WrittenContent.objects.create(digest=b"7", body=Content(Channel.SMS, "Hello").to_json())
        values = {"state": "sent", "provider": "sandbox", "rendered": rendered, "written": written}
        Message.objects.create(pk=7, contact=contact, channel=Channel.SMS, origin=Origin.TRANSACTION, **values)
        transfer: Transfer = TransferFactory.create(pk=7, owner=user, state=State.DONE, step="run")
        RefusedRows(transfer.path).join(["email"])
        asked = {"all": [{"field": "active", "op": "yes"}]}
        Segment.objects.create(pk=7, name="Seven", definition=asked)
        Rule.objects.create(pk=7, name="Seven", definition=asked, each_time=False, points=7)

    return give


def test_every_address_has_a_rule_and_every_rule_an_address() -> None:
    assert NAMES - ADMIN_PAGES - {"admin:None"} == PAGES.keys() | LINKS | SIGNED_IN | OPEN | MACHINES | BY_LINK


@pytest.mark.parametrize("name", sorted((PAGES.keys() | SIGNED_IN | ADMIN_PAGES) - ADMIN_WITHOUT_SIGN_IN))
def test_who_has_not_signed_in_is_asked_to(name: str, client: Client) -> None:
    status, target = visit(client, name)
    if target.startswith("/admin/login/"):
        target = client.get(target)["Location"]
    assert status == 302
    assert target.startswith(f"{SIGN_IN}?next=")


@pytest.mark.parametrize("name", sorted(OPEN))
def test_the_way_in_and_out_is_open(name: str, client: Client) -> None:
    status, target = visit(client, name)
    assert status in {200, 302}
    assert "next=" not in target


@pytest.mark.parametrize("role", [*ROLE_LABELS, ""])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_opens_for_the_roles_of_the_table_and_refuses_the_others(
    name: str, role: str, signed_in: Callable[[User], Client], give_data: Callable[[User], None]
) -> None:
    user = UserFactory.create(role=role)
    give_data(user)
    if name.startswith("contacts:bulk_"):
        Transfer.objects.update(kind="bulk", parameters={"action": "deactivate"})

    status, target = visit(signed_in(user), name)

    if role in PERMISSIONS[PAGES[name]]:
        assert status in {200, 302}
        assert not target.startswith(SIGN_IN)
    else:
        assert status == 403


@pytest.mark.parametrize("name", sorted(SIGNED_IN))
def test_ones_own_account_is_open_even_without_a_role(name: str, signed_in: Callable[[User], Client]) -> None:
    status, target = visit(signed_in(UserFactory.create()), name)
    assert status in ({404} if name in NEED_A_SECOND_FACTOR else {200, 302})
    assert not target.startswith(SIGN_IN)


@pytest.mark.parametrize("name", sorted(ADMIN_PAGES - {"admin:logout"}))
def test_the_admin_refuses_who_is_not_of_its_staff(name: str, site: Client) -> None:
    response = site.get(address(name), follow=True)
    assert response.status_code == 403


def test_a_refusal_says_what_helps(signed_in: Callable[[User], Client], support: User) -> None:
    page = signed_in(support).get("/contacts/import/").content.decode()
    assert "Your role does not allow this" in page
    assert "An admin of this installation can give you another role." in page


def test_pages_offer_only_what_the_role_allows(signed_in: Callable[[User], Client]) -> None:
    pages = {role: signed_in(UserFactory.create(role=role)).get("/contacts/").content.decode() for role in ROLE_LABELS}
    assert {role for role, page in pages.items() if 'href="/contacts/import/"' in page} == {MARKETER, ADMIN}
    assert {role for role, page in pages.items() if 'href="/activity/log/"' in page} == {MARKETER, ADMIN}
    assert {role for role, page in pages.items() if 'action="/contacts/search/"' in page} == {MARKETER, SUPPORT, ADMIN}
    readers = {role for role, page in pages.items() if 'href="/contacts/components/"' in page}
    assert readers == {MARKETER, SUPPORT, ADMIN}, "to read; to change them one must be of the staff"


def test_groups_have_exactly_the_permissions_of_the_table() -> None:
    for role in ROLE_LABELS:
        group = Group.objects.get(name=role)
        held = group.permissions.values_list("content_type__app_label", "codename")
        assert sorted(f"{app}.{codename}" for app, codename in held) == sorted(permissions_of(role))


def test_every_migrate_puts_the_groups_right_again() -> None:
    support = Group.objects.get(name=SUPPORT)
    support.permissions.set(Permission.objects.filter(codename="import_contact"))
    Group.objects.get(name=MARKETER).delete()

    sync_roles()

    assert set(Group.objects.values_list("name", flat=True)) == set(ROLE_LABELS)
    assert not support.permissions.filter(codename="import_contact").exists()


def test_a_role_is_shown_in_words() -> None:
    assert UserFactory.create(role=SUPPORT).role_label == "Support"
    assert UserFactory.create(is_superuser=True).role_label == "Admin"
    assert UserFactory.create().role_label == ""
