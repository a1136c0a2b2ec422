"""Templates: their versions, the approval of Viber's, and the admin's pages of them."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from activity.audit import Actor
from activity.catalogue import Channel
from activity.models import AuditEntry
from config.models import User
from messaging import templating
from messaging.content.content import ContentRefused
from messaging.models import Approval, Template, TemplateVersion
from tests.factories import VariableFactory

pytestmark = pytest.mark.django_db
ACTOR = Actor(name="Marta")
TEXT = "Hello {{ firstName }}, your order {{ orderNumber }} is at {{ branch }}."


def made(channel: Channel = Channel.VIBER, **values: str) -> Template:
    template = Template(channel=channel, **{"name": "Order", "body": TEXT} | values)
    templating.save_template(template, actor=ACTOR, fields=[])
    return template


def changed(template: Template, body: str) -> TemplateVersion:
    template.body = body
    templating.save_template(template, actor=ACTOR, fields=["body"])
    return template.versions.latest("number")


def test_each_change_of_its_texts_is_a_version_and_older_ones_come_back() -> None:
    template = made(Channel.SMS, body="Hi {{ firstName }}")
    changed(template, "Hello {{ firstName }}")
    template.name = "Greeting"
    templating.save_template(template, actor=ACTOR, fields=["name"])
    assert [each.number for each in template.versions.all()] == [2, 1]
    templating.restore_version(template.versions.get(number=1), actor=ACTOR)
    template.refresh_from_db()
    assert template.body == "Hi {{ firstName }}"
    assert [each.number for each in templating.startable(Channel.SMS)] == [3]
    assert {each.approval for each in template.versions.all()} == {Approval.APPROVED}


def test_a_template_with_wrong_liquid_or_format_is_not_kept() -> None:
    VariableFactory.create(name="city")
    made(Channel.SMS, body="{{ city }} {{ firstName }}")
    with pytest.raises(ValidationError, match="Did you mean “firstName”"):
        made(Channel.SMS, name="b", body="{{ firstname }}")
    with pytest.raises(ValidationError, match="no messages of this format"):
        made(Channel.SMS, name="c", format="html", body="x")
    with pytest.raises(ValidationError, match="choose HTML"):
        made(Channel.EMAIL, name="c", body="<p>x</p>")
    with pytest.raises(ValidationError, match="is not closed"):
        made(Channel.VIBER, name="d", body="{{ anything")
    with pytest.raises(ValidationError, match="of this name already"):
        made(Channel.SMS, name="ORDER", body="x")


def test_of_viber_the_latest_approved_version_is_sent_and_no_other_text() -> None:
    template = made()
    first = template.versions.get()
    assert list(templating.startable(Channel.VIBER)) == []
    assert templating.submit(first, actor=ACTOR, reference="vb-1")
    assert templating.answer(reference="vb-1", approved=True, reason="ok", provider="Viber")
    assert not templating.answer(reference="vb-1", approved=True, reason="ok", provider="Viber")
    assert not templating.answer(reference="vb-2", approved=True, reason="ok", provider="Viber")
    changed(template, "Another {{ text }}")
    (offered,) = templating.startable(Channel.VIBER)
    assert (offered, offered.decided_by, offered.reason) == (first, "Viber", "ok")
    content = offered.written
    assert templating.fields_of(content) == ["orderNumber", "branch"]
    templating.refuse_unapproved(content)
    for other in (
        {"body": "Something else"},
        {"template": 0},
        {"template": template.versions.get(number=2).pk},
        {"image": "https://x.example/a.png"},
    ):
        with pytest.raises(ContentRefused):
            templating.refuse_unapproved(type(content).from_json(content.to_json() | other))
    assert templating.reject(first, actor=ACTOR, reason="Too loud")
    with pytest.raises(ContentRefused, match="not approved"):
        templating.refuse_unapproved(content)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "template.add", "template.submitted", "template.approved", "template.change", "template.rejected",
    ]  # fmt: skip


def test_an_archived_template_is_not_offered() -> None:
    template = made(Channel.SMS, body="x")
    Template.objects.filter(pk=template.pk).update(archived_at=now())
    assert list(templating.startable(Channel.SMS)) == []


def test_in_the_admin_marketers_write_and_submit_and_admins_approve(
    admin: User, marketer: User, signed_in: Callable[[User], Client]
) -> None:
    marketer.is_staff = True
    marketer.save()
    writer, approver = signed_in(marketer), signed_in(admin)
    fields = {"name": "Order", "channel": Channel.VIBER.value, "format": "text", "body": TEXT}
    answer = writer.post("/admin/messaging/template/add/", {**fields, "body": "{{ a"})
    assert "is not closed" in answer.content.decode()
    assert writer.post("/admin/messaging/template/add/", fields).status_code == 302
    template = Template.objects.get()
    page = f"/admin/messaging/template/{template.pk}/change/"
    step = f"/admin/messaging/template/{template.pk}/versions/1/"
    with CaptureQueriesContext(connection) as queries:
        assert "Draft" in writer.get("/admin/messaging/template/").content.decode()
    assert '"messaging_templateversion"."content"' not in str(queries.captured_queries)
    assert "/versions/1/submit/" in writer.get(page).content.decode()
    assert "/versions/1/approve/" not in writer.get(page).content.decode()
    assert writer.post(f"{step}approve/").status_code == 403
    assert writer.get(f"{step}submit/").status_code == 405
    writer.post(f"{step}submit/")
    for decision in ("approve", "reject"):
        approver.post(f"{step}{decision}/", {"reason": " "})
    assert template.versions.get().approval == Approval.SUBMITTED
    approver.post(f"{step}reject/", {"reason": "Too loud"})
    assert "Too loud" in writer.get(page).content.decode()
    approver.post(f"{step}approve/", {"reason": "Better"})
    version = template.versions.get()
    assert (version.approval, version.decided_by) == (Approval.APPROVED, admin.username)
    assert "Approved a template" in approver.get("/activity/log/").content.decode()
