"""Made-up contacts."""

import datetime
import io
import json
import re
import unicodedata
from collections import Counter
from decimal import Decimal
from itertools import islice, pairwise
from typing import Any

import phonenumbers
import pytest
from django.core.management import CommandError, call_command
from phonenumbers import PhoneNumberType

from activity.erasure import erasing
from activity.models import AuditEntry, CustomEventType, Event, Transfer
from activity.transfer_states import State
from contacts import identity
from contacts.models import AccountVariable, Contact, ContactList, Source, VariableDefinition, Via
from contacts.seeding import demo, writer
from contacts.seeding.account import register_sources
from contacts.seeding.adding import DEMO_SIZE, add_demo, add_people
from contacts.seeding.countries import COUNTRIES
from contacts.seeding.countries.georgian import GEORGIA
from contacts.seeding.countries.german import GERMANY
from contacts.seeding.countries.polish import POLAND
from contacts.seeding.countries.turkish import TURKEY
from contacts.seeding.countries.ukrainian import UKRAINE
from contacts.seeding.country import Country
from contacts.seeding.people import DOMAINS, SPAN, Row, people

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
SCRIPTS = {
    "uk": {"CYRILLIC"},
    "ka": {"GEORGIAN"},
    "he": {"HEBREW"},
    "ar": {"ARABIC"},
    "hi": {"DEVANAGARI"},
    "ja": {"CJK", "HIRAGANA", "KATAKANA", "IDEOGRAPHIC"},
}
each_country = pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: f"+{country.calling_code}")


def crowd(count: int = 3_000, *, seed: int = 1, after: int = 0) -> list[Row]:
    return list(islice(people(seed=seed, after=after, count=count, now=NOW, sources=[1, 2, 3]), count))


def words(country: Country) -> list[str]:
    return [name.written for names in (*country.given_names, *country.family_names) for name in names]


def assert_normal(row: Row) -> None:
    """Every value is what an import or a person's edit would have kept."""
    assert row.user_id or row.email or row.phone
    read = {
        "user_id": identity.user_id,
        "email": identity.email,
        "phone": lambda text: identity.phone(text, ""),
        "first_name": identity.name,
        "last_name": identity.name,
        "language": identity.language,
        "timezone": identity.timezone,
    }
    for field, normal in read.items():
        if value := getattr(row, field):
            assert normal(value) == value
    assert row.birthday is None or identity.birthday(row.birthday.isoformat(), today=NOW.date()) == row.birthday
    assert row.gender in identity.Gender.values
    assert row.added_at <= NOW
    assert (row.updated_at is None) == (row.updated_via == "")
    assert row.updated_at is None or row.added_at <= row.updated_at <= NOW


def test_the_same_seed_makes_the_same_people() -> None:
    assert crowd() == crowd()


def test_another_seed_makes_other_people() -> None:
    assert crowd(100) != crowd(100, seed=2)


def test_people_behind_others_are_other_people() -> None:
    names = [[(row.first_name, row.last_name) for row in crowd(100, after=after)] for after in (0, 100)]
    assert names[0] != names[1]


def test_every_value_is_in_normal_form() -> None:
    for row in crowd():
        assert_normal(row)


@pytest.mark.parametrize("field", ["user_id", "email", "phone"])
def test_no_two_people_share_an_identifier(field: str) -> None:
    values = [getattr(row, field) for row in [*crowd(30_000), *crowd(30_000, after=30_000)]]
    known = [value for value in values if value]
    assert len(known) == len(set(known)) < len(values)


def test_addresses_are_nobodys() -> None:
    assert all(re.search(r"(^|\.)example\.(com|net|org)$", domain) for domain in DOMAINS)
    assert {row.email.partition("@")[2] for row in crowd() if row.email} == set(DOMAINS)


def test_people_were_added_one_after_the_other_over_three_years() -> None:
    times = [row.added_at for row in crowd()]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert times[0] - (NOW - SPAN) < SPAN / 1_000
    assert NOW - times[-1] < SPAN / 1_000


def test_more_people_than_asked_for_were_added_at_the_end() -> None:
    rows = list(islice(people(seed=1, after=0, count=10, now=NOW, sources=[]), 13))
    assert [row.added_at for row in rows[10:]] == [NOW] * 3
    assert {row.source_id for row in rows} == {None}


def test_a_third_live_in_ukraine_and_some_values_are_missing() -> None:
    assert sum(country.share for country in COUNTRIES) == 100
    rows = crowd(10_000)
    shares = Counter(row.timezone for row in rows)
    assert 0.30 < shares["Europe/Kyiv"] / len(rows) < 0.35
    assert 0.02 < sum(not row.is_active for row in rows) / len(rows) < 0.04
    missing = ["user_id", "email", "phone", "first_name", "language", "source_id", "timezone", "birthday", "updated_at"]
    for field in missing:
        assert 0.01 < sum(not getattr(row, field) for row in rows) / len(rows) < 0.6


@each_country
def test_every_mobile_prefix_is_in_use(country: Country) -> None:
    for prefix in country.mobiles.split():
        for start in range(100):
            number = phonenumbers.parse(f"+{country.calling_code}{prefix}{start:02}{'4' * (country.free_digits - 2)}")
            assert phonenumbers.is_valid_number(number), number
            kind = phonenumbers.number_type(number)
            assert kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE), number


@each_country
def test_phone_numbers_do_not_repeat(country: Country) -> None:
    assert len({country.phone(number) for number in range(1, 20_001)}) == 20_000


@each_country
def test_there_are_enough_names(country: Country) -> None:
    for names in (*country.given_names, *country.family_names):
        assert len(set(names)) == len(names) >= 40


@each_country
def test_names_are_in_the_script_of_the_language(country: Country) -> None:
    scripts = SCRIPTS.get(country.language, {"LATIN"})
    for word in words(country):
        letters = [letter for letter in word if letter != "’"]
        assert {unicodedata.name(letter).split()[0] for letter in letters} <= scripts, word
        assert identity.name(word) == word


@each_country
def test_names_have_a_latin_spelling(country: Country) -> None:
    for names in (*country.given_names, *country.family_names):
        for name in names:
            assert re.fullmatch("[a-z]+", name.latin), name


@each_country
def test_time_zones_are_known(country: Country) -> None:
    for _city, zone in country.homes:
        assert identity.timezone(zone) == zone


@pytest.mark.parametrize(
    ("country", "man", "woman"),
    [
        (UKRAINE, "Вишневський", "Вишневська"),
        (UKRAINE, "Білецький", "Білецька"),
        (UKRAINE, "Чорний", "Чорна"),
        (UKRAINE, "Задорожній", "Задорожня"),
        (UKRAINE, "Тарасов", "Тарасова"),
        (UKRAINE, "Кузьмін", "Кузьміна"),
        (UKRAINE, "Ільїн", "Ільїна"),
        (UKRAINE, "Федорів", "Федорів"),
        (UKRAINE, "Коваленко", "Коваленко"),
        (UKRAINE, "Мельник", "Мельник"),
        (POLAND, "Kowalski", "Kowalska"),
        (POLAND, "Nowicki", "Nowicka"),
        (POLAND, "Zawadzki", "Zawadzka"),
        (POLAND, "Nowak", "Nowak"),
        (GERMANY, "Müller", "Müller"),
    ],
)
def test_women_have_the_feminine_form_of_a_family_name(country: Country, man: str, woman: str) -> None:
    men, women = ([name.written for name in names] for names in country.family_names)
    assert women[men.index(man)] == woman


@pytest.mark.parametrize(
    ("country", "written", "latin"),
    [
        (UKRAINE, "Юлія", "yuliia"),
        (UKRAINE, "Євгенія", "yevheniia"),
        (UKRAINE, "Мар’яна", "mariana"),
        (UKRAINE, "Задорожній", "zadorozhnii"),
        (POLAND, "Łukasz", "lukasz"),
        (POLAND, "Małgorzata", "malgorzata"),
        (GERMANY, "Jürgen", "juergen"),
        (GERMANY, "Weiß", "weiss"),
        (TURKEY, "İbrahim", "ibrahim"),
        (TURKEY, "Işık", "isik"),
        (GEORGIA, "ღვინიაშვილი", "ghviniashvili"),
    ],
)
def test_latin_spellings(country: Country, written: str, latin: str) -> None:
    spelt = {name.written: name.latin for names in (*country.given_names, *country.family_names) for name in names}
    assert spelt[written] == latin


def test_exemplary_people_are_in_normal_form() -> None:
    rows = list(demo.exemplary_people(NOW, {}))
    assert len(rows) == demo.COUNT
    for row in rows:
        assert_normal(row)


def add(count: int, **changes: Any) -> None:
    add_people(**{"count": count, "seed": 1, "now": NOW, "report": lambda _added: None, **changes})


def everything() -> list[dict[str, Any]]:
    """All that is kept of the contacts, without their ids and those of their sources."""
    fields = [field for field in Row._fields if field != "source_id"]
    return list(Contact.objects.order_by("id").values(*fields, "source__code", "added_via", "modified_at"))


@pytest.mark.django_db
class TestAddPeople:
    def test_contacts_are_what_was_made_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writer, "CHUNK", 300)
        add(2_000)
        made = people(seed=1, after=0, count=2_000, now=NOW, sources=list(register_sources().values()))
        kept = Contact.objects.order_by("id").values_list(*Row._fields).iterator()
        for row, values in zip(islice(made, 2_000), kept, strict=True):
            assert values == row._replace(variables=json.loads(row.variables, parse_int=Decimal))

    def test_contacts_are_on_the_default_list_and_say_what_they_are(self) -> None:
        add(50)
        assert (
            Contact.objects.filter(contact_list=ContactList.default(), added_via=Via.DEMO, avatar_url="").count() == 50
        )
        for contact in Contact.objects.all():
            assert contact.modified_at == (contact.updated_at or contact.added_at)
            assert contact.updated_via in ("", Via.API, Via.IMPORT)

    def test_variables_are_of_their_types(self) -> None:
        add(300)
        types = {"string": str, "number": Decimal, "boolean": bool, "date": str}
        defined = dict(VariableDefinition.objects.values_list("name", "type"))
        seen = set()
        for variables in Contact.objects.values_list("variables", flat=True):
            for name, value in variables.items():
                seen.add(name)
                assert isinstance(value, types[defined[name]])
        assert seen == set(defined) == {"city", "loyaltyTier", "orders", "lastPurchase", "vip"}

    def test_a_variable_that_the_account_has_with_another_type_is_left_out(self) -> None:
        VariableDefinition.objects.create(name="orders", type="string")
        add(100)
        assert not Contact.objects.filter(variables__has_key="orders").exists()
        assert Contact.objects.filter(variables__has_key="city").exists()

    def test_a_variable_that_the_account_has_archived_is_left_out(self) -> None:
        VariableDefinition.objects.create(name="Orders", type="number", archived_at=NOW)
        add(100)
        assert not Contact.objects.filter(variables__has_key="orders").exists()

    def test_there_are_components_to_show_and_each_would_pass_its_form(self) -> None:
        for _twice in range(2):
            add(1)
        kinds = (Source, VariableDefinition, AccountVariable, CustomEventType, ContactList)
        assert [kind.objects.count() for kind in kinds] == [5, 5, 6, 5, 1]
        for kind in kinds:
            for row in kind.objects.all():
                row.full_clean()
        assert Source.objects.filter(acquisition_cost__gt=0, currency="EUR").exists()
        assert CustomEventType.objects.filter(is_conversion=True).exists()

    def test_a_list_with_variables_of_its_own_keeps_them(self) -> None:
        ContactList.objects.update(host="mine.example.com")
        add(1)
        assert (ContactList.default().host, ContactList.default().company_name) == ("mine.example.com", "")

    def test_a_source_of_the_account_stays_as_it_is(self) -> None:
        Source.objects.create(code="Website", name="Our site")
        Source.objects.create(code="insta", name="Instagram")
        add(100)
        assert Source.objects.get(code="Website").name == "Our site"
        assert not Source.objects.filter(code="Instagram").exists()
        assert Contact.objects.filter(source__code="Website").exists()

    def test_the_same_seed_gives_the_same_contacts(self) -> None:
        add(500)
        first = everything()
        with erasing():
            Contact.objects.all().delete()
        add(500)
        assert everything() == first

    def test_again_adds_other_people(self) -> None:
        add(300)
        add(300)
        assert Contact.objects.count() == 600

    def test_people_whose_identifiers_are_taken_are_replaced(self) -> None:
        contact = Contact.objects.create(contact_list=ContactList.default(), user_id="mine", added_via=Via.HAND)
        rows = crowd(100, after=contact.pk)
        contact.user_id = rows[3].user_id or rows[4].user_id
        contact.email = next(row.email for row in rows[20:] if row.email)
        contact.phone = next(row.phone for row in rows[60:] if row.phone)
        contact.save()
        reports: list[int] = []
        add(100, report=reports.append)
        assert Contact.objects.count() == 101
        assert reports == [97, 100]
        contact.refresh_from_db()
        assert contact.added_via == Via.HAND

    def test_all_or_none(self) -> None:
        def interrupt(_added: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            add(100, report=interrupt)
        assert not Contact.objects.exists()
        assert not Source.objects.exists()


@pytest.mark.django_db
class TestAddDemo:
    def test_a_new_account_shows_exemplary_people_first(self) -> None:
        assert add_demo(now=NOW)
        assert Contact.objects.count() == DEMO_SIZE
        newest = Contact.objects.order_by("-id")[: demo.COUNT]
        assert [row.user_id for row in demo.exemplary_people(NOW, {})] == [
            contact.user_id for contact in reversed(newest)
        ]
        olena = newest[0]
        assert (olena.user_id, olena.email, olena.phone) == ("u-48213", "olena.k@example.com", "+380671234567")
        assert (olena.full_name, str(olena.source), olena.timezone) == ("Олена Коваленко", "Spring fair", "Europe/Kyiv")

    def test_contacts_got_their_ids_in_the_order_in_which_they_were_added(self) -> None:
        add_demo(now=NOW)
        times = list(Contact.objects.order_by("id").values_list("added_at", flat=True))
        assert times == sorted(times)
        assert times[-1] <= NOW

    def test_once(self) -> None:
        assert add_demo(now=NOW)
        assert not add_demo(now=NOW)
        assert Contact.objects.count() == DEMO_SIZE

    def test_an_account_with_contacts_stays_as_it_is(self) -> None:
        Contact.objects.create(contact_list=ContactList.default(), user_id="1", added_via=Via.HAND)
        assert not add_demo(now=NOW)
        assert Contact.objects.count() == 1
        assert not Source.objects.exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("seed", *arguments, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
class TestCommand:
    def test_it_says_how_many_contacts_there_are_and_how_fast(self) -> None:
        said = run("--contacts", "120", "--seed", "7", "--now", "2026-11-22")
        assert re.fullmatch(r"Added 120 contacts in \d+\.\d s \([\d,]+ a second\)\.\n", said)
        newest = Contact.objects.latest("id")
        assert NOW - SPAN / 120 < newest.added_at <= NOW

    def test_progress_is_for_terminals(self) -> None:
        terminal, file = Terminal(), io.StringIO()
        run("--contacts", "10", stderr=terminal)
        run("--contacts", "10", stderr=file)
        assert terminal.getvalue().endswith("\r\033[K")
        assert file.getvalue() == ""

    def test_progress_counts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writer, "CHUNK", 10)
        terminal = Terminal()
        run("--contacts", "25", stderr=terminal, no_color=True)
        assert terminal.getvalue().split("\r\033[K") == ["", "10 of 25 contacts", "20 of 25 contacts", ""]

    def test_the_demo_has_an_import_and_an_export_behind_it(self) -> None:
        run("--demo")
        events = Event.objects.filter(contact__user_id=demo.EVERYTHING).count()
        imported, exported = Transfer.objects.order_by("pk")
        assert (imported.kind, imported.state, imported.result["refused"]) == ("import", State.DONE, 1)
        assert (exported.kind, exported.state) == ("activity_export", State.DONE)
        assert 420 < exported.result["rows"] <= events
        assert {entry.verb for entry in AuditEntry.objects.all()} >= {"import.run", "activity_export.run"}

    def test_the_demo_says_what_it_did(self) -> None:
        assert run("--demo") == "Added 500 contacts.\n"
        assert run("--demo") == "The account has contacts already: nothing was added.\n"

    def test_silent_when_asked(self) -> None:
        assert run("--demo", verbosity=0) == ""
        assert run("--contacts", "5", verbosity=0) == ""

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["--contacts", "0"],
            ["--contacts", "many"],
            ["--demo", "--contacts", "5"],
            ["--demo", "--now", "tomorrow"],
        ],
        ids=" ".join,
    )
    def test_arguments_that_make_no_sense_are_refused(self, arguments: list[str]) -> None:
        with pytest.raises(CommandError):
            run(*arguments)
