"""What is done with templates: each change a version, and of Viber's each version approved before it is sent."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from activity import components
from activity.audit import Actor, record
from activity.catalogue import Channel
from messaging.content.content import Content, ContentRefused
from messaging.content.render import names_in
from messaging.content.values import known_names
from messaging.models import Approval, Template, TemplateVersion
from messaging.models.template import PARTS

# From which states each may follow.
_FOLLOWS = {
    Approval.SUBMITTED: (Approval.DRAFT, Approval.REJECTED),
    Approval.APPROVED: (Approval.DRAFT, Approval.SUBMITTED, Approval.REJECTED),
    Approval.REJECTED: (Approval.DRAFT, Approval.SUBMITTED, Approval.APPROVED),
}


@transaction.atomic
def save_template(template: Template, *, actor: Actor, fields: Collection[str]) -> None:
    """Keeps a template as `activity.components.save` does, and where its content is another, a version of it."""
    components.save(template, actor=actor, fields=fields)
    latest = TemplateVersion.objects.filter(template=template).order_by("-number").first()  # of now, not of a prefetch
    content = template.content.to_json()
    if latest is None or latest.content != content:
        TemplateVersion.objects.create(
            template=template,
            number=latest.number + 1 if latest else 1,
            content=content,
            approval=Approval.DRAFT if template.needs_approval else Approval.APPROVED,
            by=actor.name,
        )


def restore_version(version: TemplateVersion, *, actor: Actor) -> None:
    """Makes what a template was the latest version of it again."""
    template, content = version.template, version.written
    for part in PARTS:
        setattr(template, part, getattr(content, part))
    save_template(template, actor=actor, fields=PARTS)


def submit(version: TemplateVersion, *, actor: Actor, reference: str = "") -> bool:
    """Notes that a version was handed in for approval; `reference` is what the provider calls it."""
    return _decide(version, Approval.SUBMITTED, actor=actor, reason="", reference=reference)


def approve(version: TemplateVersion, *, actor: Actor, reason: str) -> bool:
    """Lets a version be sent. Returns whether that was news."""
    return _decide(version, Approval.APPROVED, actor=actor, reason=reason)


def reject(version: TemplateVersion, *, actor: Actor, reason: str) -> bool:
    """Keeps a version from being sent from now on, also in messages that wait. Returns whether that was news."""
    return _decide(version, Approval.REJECTED, actor=actor, reason=reason)


def answer(*, reference: str, approved: bool, reason: str, provider: str) -> bool:
    """The provider's answer to what was submitted. An unknown reference, and a repeated answer, change nothing."""
    version = TemplateVersion.objects.filter(reference=reference).exclude(reference="").order_by("-pk").first()
    if version is None:
        return False
    return (approve if approved else reject)(version, actor=Actor(name=provider), reason=reason)


@transaction.atomic
def _decide(version: TemplateVersion, to: Approval, *, actor: Actor, reason: str, reference: str = "") -> bool:
    held = TemplateVersion.objects.select_for_update().get(pk=version.pk)
    if held.approval not in _FOLLOWS[to]:
        return False
    held.approval, held.reason, held.decided_by, held.decided_at = to, reason, actor.name, now()
    held.reference = reference or held.reference
    held.save(update_fields=["approval", "reason", "decided_by", "decided_at", "reference"])
    name = held.template.name
    record(actor=actor, verb=f"template.{to}", of=held.template, name=name, version=held.number)
    return True


def startable(channel: Channel) -> QuerySet[TemplateVersion]:
    """What messages of a channel start from: the latest version of each template; of Viber's, the latest approved."""
    versions = TemplateVersion.objects.filter(template__channel=channel, template__archived_at=None)
    approved = versions.filter(approval=Approval.APPROVED).order_by("template_id", "-number")
    latest = approved.distinct("template_id").values("pk")
    return TemplateVersion.objects.filter(pk__in=latest).select_related("template").order_by("template__name")


def refuse_unapproved(content: Content) -> None:
    """Viber is sent only what an approved version says, word by word. Raises `ContentRefused`."""
    if content.channel is not Channel.VIBER:
        return
    version = TemplateVersion.objects.select_related("template").filter(pk=content.template).first()
    if version is None:
        raise ContentRefused(_("Viber messages are made from approved templates only."), "template")
    if version.approval != Approval.APPROVED:
        words = _("Version %(number)d of the template “%(name)s” is not approved.")
        raise ContentRefused(words % {"number": version.number, "name": version.template}, "template")
    if {**content.to_json(), "values": None} != {**version.written.to_json(), "values": None}:
        raise ContentRefused(_("The text is not the one that was approved."), "body")


def fields_of(content: Content) -> list[str]:
    """The names in a Viber template that are no variables of the account: whoever sends it fills them in."""
    known = known_names()
    return [name for name in names_in(content, None) if name not in known]
