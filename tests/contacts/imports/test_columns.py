"""Which column is which, for the exports that people really bring."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.imports import consents
from contacts.imports.columns import (
    IGNORED,
    REFUSAL_COLUMNS,
    TARGETS,
    is_ignored,
    target_for,
    targets_for,
    variable_name,
)
from contacts.variable_names import RESERVED

EXPORTS = {
    "Wooxy": (
        "name,email,phoneNumber,userId,active,emailSubscribe,smsSubscribe,viberSubscribe,telegramSubscribe,"
        "desktopWebPushSubscribe,mobileWebPushSubscribe,contactBirthday,contactLanguage,contactGender,contactTimezone,"
        "contactScore,avatarLink,sourceId,lastUpdate,favouriteShop",
        {
            "fullName": "name",
            "email": "email",
            "phoneNumber": "phoneNumber",
            "userId": "userId",
            "birthday": "contactBirthday",
            "language": "contactLanguage",
            "gender": "contactGender",
            "timezone": "contactTimezone",
            "avatarUrl": "avatarLink",
            "source": "sourceId",
            **{key: key for key in consents.FIELDS},
        },
    ),
    "Wooxy with names": (
        "name,email,firstName,lastName",
        {"email": "email", "firstName": "firstName", "lastName": "lastName"},
    ),
    "Mailchimp": (
        "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,"
        "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS",
        {
            "email": "Email Address",
            "firstName": "First Name",
            "lastName": "Last Name",
            "phoneNumber": "Phone Number",
            "birthday": "Birthday",
            "timezone": "TIMEZONE",
        },
    ),
    "Mailchimp, merge tags": (
        "EMAIL,FNAME,LNAME,PHONE,BIRTHDAY",
        {"email": "EMAIL", "firstName": "FNAME", "lastName": "LNAME", "phoneNumber": "PHONE", "birthday": "BIRTHDAY"},
    ),
    "HubSpot": (
        "Record ID,First Name,Last Name,Email,Phone Number,Mobile Phone Number,Contact owner,Last Activity Date,"
        "Lead Status,Create Date,Last Modified Date,Date of birth,Gender,Preferred language,Time Zone,Original Source",
        {
            "firstName": "First Name",
            "lastName": "Last Name",
            "email": "Email",
            "phoneNumber": "Phone Number",
            "birthday": "Date of birth",
            "gender": "Gender",
            "language": "Preferred language",
            "timezone": "Time Zone",
        },
    ),
    "Klaviyo": (
        "Email,Klaviyo ID,First Name,Last Name,Organization,Title,Phone Number,Address,City,State / Region,Country,"
        "Zip Code,Source,Email Marketing Consent,External ID,Locale,Profile Created On,Date Added,"
        "First Active,Last Active",
        {
            "email": "Email",
            "firstName": "First Name",
            "lastName": "Last Name",
            "phoneNumber": "Phone Number",
            "source": "Source",
            "userId": "External ID",
            "language": "Locale",
        },
    ),
    "listmonk": (
        "uuid,email,name,attributes,status,created_at,updated_at",
        {"email": "email", "fullName": "name"},
    ),
    "Brevo": (
        "EMAIL,LASTNAME,FIRSTNAME,SMS,EMAIL_BLACKLISTED,SMS_BLACKLISTED,ADDED_TIME,MODIFIED_TIME",
        {"email": "EMAIL", "lastName": "LASTNAME", "firstName": "FIRSTNAME", "phoneNumber": "SMS"},
    ),
    "Google, before 2024": (
        "Name,Given Name,Additional Name,Family Name,Yomi Name,Nickname,Birthday,Gender,Location,Notes,Language,Photo,"
        "Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,"
        "Phone 1 - Value,Phone 2 - Type,Phone 2 - Value",
        {
            "firstName": "Given Name",
            "lastName": "Family Name",
            "birthday": "Birthday",
            "gender": "Gender",
            "language": "Language",
            "avatarUrl": "Photo",
            "email": "E-mail 1 - Value",
            "phoneNumber": "Phone 1 - Value",
        },
    ),
    "Google, since 2024": (
        "First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Nickname,File As,Organization Name,Birthday,"
        "Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,"
        "Phone 1 - Value",
        {
            "firstName": "First Name",
            "lastName": "Last Name",
            "birthday": "Birthday",
            "avatarUrl": "Photo",
            "email": "E-mail 1 - Value",
            "phoneNumber": "Phone 1 - Value",
        },
    ),
    "Outlook": (
        "First Name,Middle Name,Last Name,E-mail Address,E-mail 2 Address,Mobile Phone,Home Phone",
        {
            "firstName": "First Name",
            "lastName": "Last Name",
            "email": "E-mail Address",
            "phoneNumber": "Mobile Phone",
        },
    ),
    "written by hand": (
        "ПІБ,Номер телефону,Електронна пошта,Дата народження,Стать,Мова,Джерело",
        {
            "fullName": "ПІБ",
            "phoneNumber": "Номер телефону",
            "email": "Електронна пошта",
            "birthday": "Дата народження",
            "gender": "Стать",
            "language": "Мова",
            "source": "Джерело",
        },
    ),
}


@pytest.mark.parametrize(("headers", "expected"), EXPORTS.values(), ids=EXPORTS)
def test_the_columns_of_an_export_are_mapped_as_they_are_meant(headers: str, expected: dict[str, str]) -> None:
    row = headers.split(",")
    mapped = zip(targets_for(row), row, strict=True)
    assert {target: header for target, header in mapped if target} == expected


@pytest.mark.parametrize(
    "header", ["email", "Email", "E-MAIL", "e_mail", " E-mail: ", "\ufeffemail", "E-mail Address", "Ｅｍａｉｌ"]
)
def test_case_spaces_and_punctuation_do_not_matter(header: str) -> None:
    assert target_for(header) == "email"


@pytest.mark.parametrize("header", ["", "E-mail 2", "E-mail 2 - Value", "Phone 2 - Value", "Original Source", "☃"])
def test_second_addresses_and_unknown_columns_are_left_to_the_person(header: str) -> None:
    assert target_for(header) == ""


def test_the_surest_header_has_the_target_then_the_first() -> None:
    assert targets_for(["Mail", "E-mail", "email"]) == ["", "email", ""]
    assert targets_for(["id", "User ID", "Customer ID"]) == ["", "userId", ""]


def test_a_name_beside_a_last_name_is_the_first_name() -> None:
    assert targets_for(["Name", "Surname"]) == ["firstName", "lastName"]
    assert targets_for(["Full name", "Surname"]) == ["", "lastName"]
    assert targets_for(["Name", "First name"]) == ["", "firstName"]
    assert targets_for(["Name"]) == ["fullName"]


@pytest.mark.parametrize(
    "header",
    [
        "lastUpdate",
        "Last update",
        "added",
        "createdAt",
        "created_at",
        "updated_at",
        "Last Changed",
        "LAST_CHANGED",
        "OPTIN_TIME",
        "CONFIRM_TIME",
        "UNSUB_TIME",
        "Profile Created On",
        "Date Added",
        "Create Date",
        "Last Modified Date",
        "Last Activity Date",
        "ADDED_TIME",
        "contactScore",
        "uuid",
    ],
)
def test_facts_that_a_system_has_set_are_never_a_persons_value(header: str) -> None:
    assert is_ignored(header)
    assert target_for(header) == ""


def test_what_can_be_imported_is_not_ignored() -> None:
    assert not any(is_ignored(target.key) or target_for(target.key) != target.key for target in TARGETS)
    assert not any(target_for(header) for header in IGNORED)


def test_the_columns_of_a_refused_rows_file_are_ignored_when_it_is_imported_again() -> None:
    assert all(map(is_ignored, REFUSAL_COLUMNS))


class TestVariableName:
    @pytest.mark.parametrize(
        ("header", "name"),
        [
            ("Favourite shop", "favouriteShop"),
            ("favouriteShop", "favouriteShop"),
            ("loyalty_level", "loyalty_level"),
            ("City", "City"),
            ("State / Region", "stateRegion"),
            ("VIP level (2026)", "vipLevel2026"),
            ("2nd phone", "column2ndPhone"),
            ("Straße Nr.", "strasseNr"),
            ("Ünïcode naïve", "unicodeNaive"),
            ("Місто доставки", "mistoDostavky"),
            ("Ім'я дитини", "imiaDytyny"),
            ("ДатаЗамовлення!", "dataZamovlennia"),
            ("城市", "column3"),
            ("", "column3"),
            ("\x00\ud800", "column3"),
        ],
    )
    def test_the_words_of_a_header_become_a_name(self, header: str, name: str) -> None:
        assert variable_name(header, [], index=2) == name

    def test_names_that_are_taken_or_standard_get_a_number(self) -> None:
        assert variable_name("City", ["city"], index=0) == "City2"
        assert variable_name("city", ["City", "city2"], index=0) == "city3"
        assert variable_name("source", [], index=0) == "source2"
        assert variable_name("unSubscribeUrl", [], index=0) == "unSubscribeUrl2"
        assert variable_name("empty", [], index=0) == "empty2"
        assert variable_name("a" * 40, ["a" * 40], index=0) == "a" * 39 + "2"

    @given(st.text(st.characters(codec=None)), st.lists(st.sampled_from(["a", "column1", "city", "x2"])))
    def test_any_header_becomes_an_allowed_free_name_that_stays(self, header: str, taken: list[str]) -> None:
        name = variable_name(header, taken, index=0)
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", name)
        assert name.lower() not in {*RESERVED, *taken}
        assert variable_name(name, taken, index=5) == name
