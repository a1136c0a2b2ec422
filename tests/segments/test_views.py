"""The section, the builder as plain forms, and members as the contact list's filter."""

import datetime
import json

import pytest
from django.test import Client
from django.utils import timezone

from activity.catalogue import Status
from segments.evaluation import today
from segments.models import Segment, Size
from segments.trends import trends
from tests.factories import ContactFactory, EventFactory, SourceFactory
from tests.segments.making import segment, settle

pytestmark = pytest.mark.django_db

NAMED = {"field": "firstName", "op": "is", "value": "Olga"}


def shown(site: Client, address: str, data: dict[str, str] | None = None) -> str:
    answer = site.post(address, data) if data is not None else site.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_has_sizes_trends_and_definitions_in_words(site: Client) -> None:
    ContactFactory.create(first_name="Olga")
    made = segment(NAMED, name="<Olgas>")
    settle()
    Size.objects.create(segment=made, day=today() - datetime.timedelta(days=9), size=5)

    page = shown(site, "/segments/")

    assert "&lt;Olgas&gt;" in page
    assert "First name is “Olga”" in page
    assert f"/contacts/?segment={made.pk}" in page
    assert "From 5 to 1 members" in page
    assert "Up to date" in page


def test_a_trend_carries_on_over_days_without_a_number() -> None:
    made = segment(NAMED)
    for days, size in ((40, 10), (20, 20), (0, 15)):
        Size.objects.create(segment=made, day=today() - datetime.timedelta(days=days), size=size)

    trend = trends([made], today())[made.pk]

    assert (trend.first, trend.last, trend.most, len(trend.points.split())) == (10, 15, 20, 31)


def test_members_are_a_filter_of_the_contact_list(site: Client) -> None:
    olga, ivan = ContactFactory.create(first_name="Olga"), ContactFactory.create(first_name="Ivan")
    made = segment(NAMED)
    settle()

    page = shown(site, f"/contacts/?segment={made.pk}")

    assert f"/contacts/{olga.pk}/" in page
    assert f"/contacts/{ivan.pk}/" not in page
    assert "1 contact" in page
    assert "Ivan" in shown(site, "/contacts/?segment=999999"), "what makes no sense is no filter"


def test_a_segment_is_built_step_by_step_with_plain_forms(site: Client) -> None:
    olga = ContactFactory.create(first_name="Olga", language="uk")
    ContactFactory.create(first_name="Olga", language="en")
    EventFactory.create(contact=olga, status=Status.OPEN)
    settle()
    assert 'name="r.0:field"' in shown(site, "/segments/add/")

    sent = {"r:join": "all", "r.0:field": "did:email:open", "do": "look"}
    page = shown(site, "/segments/add/", sent)
    assert 'name="r.0:within"' in page
    assert "1 contact" in page

    page = shown(site, "/segments/add/", sent | {"r.0:within": "30", "do": "group:r"})
    assert 'name="r.1.0:field"' in page
    sent |= {"r.0:within": "30", "r.1:join": "none", "r.1.0:field": "language", "r.1.0:value": "en"}
    assert "It is not kept yet" not in shown(site, "/segments/add/", sent | {"do": "add:r.1"})

    page = shown(site, "/segments/add/", sent | {"r.1.1:field": "contactScore", "r.1.1:value": "many", "do": "save"})
    assert "“many” is no number." in page
    assert "Give it a name." in page
    assert not Segment.objects.exists()

    page = shown(site, "/segments/add/", sent | {"r.1.1:field": "", "do": "remove:r.1.1"})
    assert 'name="r.1.1:field"' not in page

    answer = site.post("/segments/add/", sent | {"name": "Awake", "do": "save"})
    made = Segment.objects.get()
    assert answer.headers["Location"] == f"/segments/{made.pk}/"
    assert made.definition == {
        "all": [
            {"field": "did:email:open", "op": "at_least", "value": 1, "days": 30},
            {"any": [{"field": "language", "op": "is", "value": "en"}], "not": True},
        ]
    }
    settle()
    page = shown(site, f"/segments/{made.pk}/")
    assert "Opened an email at least once in the last 30 days, and not (Language is English)" in page


def test_several_values_of_a_closed_list_are_ticked_by_their_labels(site: Client) -> None:
    source = SourceFactory.create(name="Fair")
    ContactFactory.create(language="uk", source=source)
    ContactFactory.create(language="en", timezone="+03:30")
    sent = {"r:join": "all", "r.0:field": "language", "r.0:op": "any_of", "do": "look"}
    assert '<input type="checkbox" name="r.0:value" value="uk"><bdi>Ukrainian</bdi>' in shown(
        site, "/segments/add/", sent
    )

    chosen = {"r.0:value": ["uk", "en"], "r.1:field": "source", "r.1:op": "any_of", "r.1:value": [str(source.pk)]}
    zones = {"r.2:field": "timezone", "r.2:op": "any_of", "r.2:value": ["Europe/Kyiv", "+03:30"]}
    answer = site.post("/segments/add/", sent | chosen | zones | {"name": "Some", "do": "save"})

    assert answer.status_code == 302
    made = Segment.objects.get()
    assert [each["value"] for each in made.definition["all"]] == [
        ["uk", "en"], [str(source.pk)], ["Europe/Kyiv", "+03:30"],
    ]  # fmt: skip
    page = shown(site, f"/segments/{made.pk}/edit/")
    assert page.count(" checked><bdi>") == 4
    assert 'value="+03:30" aria-label="Other values"' in page
    words = (
        "Language is one of Ukrainian, English, and Source is one of Fair, and Timezone is one of Europe/Kyiv, “+03:30”"
    )
    assert words in shown(site, f"/segments/{made.pk}/")


EVERYTHING = {
    "all": [
        {"field": "firstName", "op": "any_of", "value": ["Olga", "Ivan"]},
        {"field": "contactScore", "op": "between", "value": ["1", "2.5"]},
        {"field": "birthday", "op": "anniversary", "value": 3},
        {
            "any": [
                {"field": "active", "op": "yes"},
                {"all": [{"field": "gender", "op": "unset"}, {"field": "receives:sms", "op": "no"}]},
            ]
        },
        {
            "field": "did:email:click", "op": "at_most", "value": 3, "days": 7, "origin": "campaign",
            "campaign": "Autumn", "data": {"name": "plan", "value": "b"},
        },
        {"field": "did:other:custom-event", "op": "never"},
    ],
    "not": True,
}  # fmt: skip


def test_what_the_builder_shows_is_what_it_keeps(site: Client) -> None:
    made = segment(*EVERYTHING["all"], name="All")  # type: ignore[misc]
    page = site.get(f"/segments/{made.pk}/edit/")
    form = page.context["form"]
    sent: dict[str, str] = {"name": "All", "seen": "1", "do": "save"}
    rest = [form.draft]
    while rest:
        draft = rest.pop()
        sent |= {f"{draft.path}:{name}": text for name, text in draft.texts.items()}
        rest += draft.members

    site.post(f"/segments/{made.pk}/edit/", sent)
    made.refresh_from_db()
    assert made.version == 1
    assert made.definition == {"all": EVERYTHING["all"]}

    site.post(f"/segments/{made.pk}/edit/", sent | {"r:join": "not_all"})
    made.refresh_from_db()
    assert made.definition == EVERYTHING
    again = shown(site, f"/segments/{made.pk}/edit/", sent | {"name": "Late"})
    assert "Somebody else has changed this segment meanwhile." in again

    copy = site.get(f"/segments/add/?like={made.pk}")
    assert copy.context["form"].initial["name"] == "All, copy"
    assert copy.context["form"].draft.as_json()["not"] is True


def test_odd_forms_are_no_errors_of_ours(site: Client) -> None:
    for sent in (
        {"do": "add:r.9.9.9"},
        {"do": "remove:r"},
        {"do": "group:r.0", "r.0:field": "firstName"},
        {"r.0.0.0.0.0:field": "firstName", "do": "save"},
        {"r.0:field": "firstName", "r.0:op": "greater", "r.0:value": "\0", "do": "save"},
        {"r:join": "never", "r.5:field": json.dumps({"a": 1}), "do": "save"},
        {"r.0:join": "all", "r.0.0:join": "all", "r.0.0.0:join": "all", "do": "group:r.0.0"},
    ):
        assert site.post("/segments/add/", sent).status_code == 200
    assert site.get("/segments/add/?like=99999999999999999999").status_code == 200
    assert site.get("/segments/999/").status_code == 404


def test_one_that_others_ask_for_is_not_archived(site: Client) -> None:
    SourceFactory.create()
    inner = segment(NAMED, name="Inner")
    segment({"field": "segment", "op": "member", "value": str(inner.pk)}, name="Outer")

    assert "“Outer”" in shown(site, f"/segments/{inner.pk}/").replace("Outer</bdi>", "“Outer”")
    answer = site.post(f"/segments/{inner.pk}/archiving/", {"do": "archive"}, follow=True)
    assert "Other segments ask for it: “Outer”." in answer.content.decode()
    assert Segment.objects.current().count() == 2
    outer = Segment.objects.get(name="Outer")
    site.post(f"/segments/{outer.pk}/archiving/", {"do": "archive"})
    assert "Outer" in shown(site, "/segments/?archived")
    site.post(f"/segments/{outer.pk}/archiving/", {"do": "restore"})
    assert Segment.objects.current().filter(due_at__lte=timezone.now()).count() == 2


def test_support_looks_and_changes_nothing(support: object, signed_in: object) -> None:
    made = segment(NAMED)
    client: Client = signed_in(support)  # type: ignore[operator]

    page = shown(client, f"/segments/{made.pk}/")

    assert "/edit/" not in page
    assert client.get("/segments/add/").status_code == 403
    assert client.get(f"/segments/{made.pk}/edit/").status_code == 403
    assert client.post(f"/segments/{made.pk}/archiving/").status_code == 403
