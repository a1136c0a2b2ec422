"""The export of a contact's feed: a row an event, in people's words."""

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Expression, F, Func, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, Replace, StrIndex
from django.db.models.lookups import Exact, IsNull
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activity import feed
from activity.audit import Actor
from activity.catalogue import Status
from activity.exports.cells import local_time, word
from activity.exports.forgetting import forget
from activity.exports.links import files
from activity.exports.start import start
from activity.exports.steps import step
from activity.exports.tables import Column, Table, Type
from activity.feed import Filters
from activity.feed_forms import PERIODS
from activity.handlers import Handler
from activity.labels import CHANNELS, ORIGINS, STATUSES, origin_label
from activity.models import Event, Transfer
from activity.wording import FACTS

KIND = "activity_export"
DEEDS = {
    "run": gettext_lazy("Asked for an export of activity"),
    "cancel": gettext_lazy("Cancelled an export of activity"),
    "download": gettext_lazy("Downloaded an export of activity"),
}
_LAUNCHES = ("campaign", "workflow", "trigger")


def start_feed_export(contact_id: int, *, filters: Filters, format_: str, actor: Actor) -> Transfer:
    """Has the events of a contact written into a file that `format_` names, as the filters let them through."""
    parameters = {"filters": filters.query(), "contact": contact_id}
    return start(kind=KIND, name="activity", parameters=parameters, format_=format_, actor=actor, contact_id=contact_id)


def table_of(transfer: Transfer) -> Table[Event]:
    """What the filters let through when the export was asked for, and what has come since."""
    filters, zone = filters_of(transfer), transfer.parameters["zone"]
    with timezone.override(zone):
        rows = feed.matching(transfer.parameters["contact"], filters, transfer.created_at)
    return Table(columns(zone), rows, order=feed.ORDER, descending=not filters.oldest_first, zone=zone)


def filters_of(transfer: Transfer) -> Filters:
    return Filters.read(transfer.parameters["filters"])


def columns(zone: str) -> list[Column]:
    """Who reads them with a program finds the same columns in every file of this version."""
    return [
        Column(_("Time (%(zone)s)") % {"zone": zone}, local_time("occurred_at"), Type.TIME),
        Column(_("Channel"), word("channel", CHANNELS)),
        Column(_("Origin"), word("origin", ORIGINS)),
        Column(_("Status"), word("status", STATUSES)),
        Column(_("Message ID"), F("message_id")),
        Column(_("Message or event"), Coalesce(_fact("title"), _fact("name"))),
        Column(_("Launched by"), Coalesce(*map(_fact, _LAUNCHES))),
        *(Column(str(FACTS[key]), _fact(key)) for key in ("step", "segment")),
        Column(str(FACTS["tags"]), _tags()),
        *(Column(str(FACTS[key]), _fact(key)) for key in ("url", "device", "words")),
        Column(str(FACTS["amount"]), _of_no_message(_fact("amount")), Type.NUMBER),
        Column(str(FACTS["currency"]), _of_no_message(_fact("currency"))),
        *(Column(str(FACTS[key]), _fact(key)) for key in ("key", "by")),
        Column(_("Other data"), _of_no_message(_others())),
    ]


def described(transfer: Transfer) -> list[tuple[str, str]]:
    """What is in the file, as pairs of label and text."""
    filters = filters_of(transfer)
    origin = filters.origin and origin_label(filters.origin, filters.channel)
    return [
        (_("Channel"), str(CHANNELS[filters.channel] if filters.channel else _("All channels"))),
        (_("Origin"), str(origin or _("All origins"))),
        (_("Status"), str(STATUSES[filters.status] if filters.status else _("All statuses"))),
        (_("Period"), str(PERIODS[filters.period])),
    ]


def _fact(key: str) -> KeyTextTransform:
    return KeyTextTransform(key, "data")


def _tags() -> Case:
    """`["boots", "sale"]` as boots, sale. The usual ways to write them come first, since taking lists apart is slow."""
    tags, text = KeyTransform("tags", "data"), _fact("tags")
    is_list = Exact(Func(tags, function="jsonb_typeof", output_field=TextField()), "array")
    is_plain = Exact(StrIndex(text, Value("\\")), 0)
    joined = Func(tags, template="array_to_string(ARRAY(SELECT jsonb_array_elements_text(%(expressions)s)), ', ')")
    return Case(
        When(IsNull(KeyTransform("1", tags), True), then=Coalesce(KeyTextTransform("0", tags), text)),
        When(~Q(is_list), then=text),
        When(is_plain, then=Replace(Func(text, Value("[]"), function="btrim"), Value('"'), Value(""))),
        default=joined,
        output_field=TextField(),
    )


def _of_no_message(cell: Expression) -> Case:
    """Of messages our own delivery tells, and only what has a column; other events hold whatever the API was sent."""
    return Case(When(status=Status.NONE.value, then=cell), output_field=TextField())


def _others() -> Func:
    shown = Value([*FACTS], output_field=ArrayField(TextField()))
    rest = Func(F("data"), shown, template="(%(expressions)s)", arg_joiner=" - ")
    return Func(Cast(rest, TextField()), Value("{}"), function="NULLIF")


HANDLER = Handler(
    kind=KIND,
    label=gettext_lazy("Activity export"),
    steps={"run": step(table_of)},
    url_name="activity:transfer",
    described=described,
    files=files,
    forget=forget,
)
