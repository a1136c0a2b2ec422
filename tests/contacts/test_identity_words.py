"""Values that people write as words: gender, language, yes and no."""

import pycountry
import pytest

from contacts.identity import Gender, Invalid, boolean, gender, language, language_name


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("0 unknown Undefined not_known", Gender.NOT_KNOWN),
        ("1 1.0 m M Male MAN Mr. ч чол. чоловік Чоловіча м Муж мужской Herr männlich homme hombre", Gender.MALE),
        ("2 2.0 f F Female woman Mrs Ms. ж Жін жінка жіноча жен. женский Frau weiblich Femme mujer", Gender.FEMALE),
        ("9 n/a N/A other divers non-binary інше другое", Gender.NOT_APPLICABLE),
    ],
)
def test_gender_is_a_number_of_iso_5218_or_a_word_for_one(words: str, number: Gender) -> None:
    for written in words.split():
        assert gender(written.replace("_", " ")) == number


def test_the_labels_of_gender_are_those_of_the_standard() -> None:
    assert [(value, str(label)) for value, label in Gender.choices] == [
        (0, "Not known"),
        (1, "Male"),
        (2, "Female"),
        (9, "Not applicable"),
    ]


@pytest.mark.parametrize("written", ["3", "-1", "yes", "olga", "1 2"])
def test_no_gender_is_guessed(written: str) -> None:
    with pytest.raises(Invalid) as caught:
        gender(written)
    assert caught.value.code == "gender"


def test_every_language_of_iso_639_1_is_known_by_its_codes_and_name() -> None:
    for known in (known for known in pycountry.languages if hasattr(known, "alpha_2")):
        names = [known.alpha_2, known.alpha_3, getattr(known, "bibliographic", known.alpha_2), known.name]
        assert {language(f" {name.upper()} ") for name in names} == {known.alpha_2}
        assert language_name(known.alpha_2) != known.alpha_2


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("uk-UA", "uk"),
        ("uk_UA.UTF-8", "uk"),
        ("zh-Hans-CN", "zh"),
        ("pt-BR", "pt"),
        ("UKR", "uk"),
        ("ger", "de"),
        ("Ukrainian", "uk"),
        ("українська", "uk"),
        ("Українська мова", "uk"),
        ("Deutsch", "de"),
        ("Greek", "el"),
        ("English (United States)", "en"),
        ("Spanish; Castilian", "es"),
        ("no", "no"),
        ("iw", "he"),
    ],
)
def test_a_language_is_known_by_tags_and_by_its_own_name(written: str, code: str) -> None:
    assert language(written) == code


def test_a_country_is_not_a_language_and_the_reason_says_which_is_meant() -> None:
    for country, meant in [("ua", "uk"), ("UA", "uk"), ("cz", "cs"), ("jp", "ja"), ("us-US", "en")]:
        with pytest.raises(Invalid, match=f"write “{meant}”") as caught:
            language(country)
        assert caught.value.code == "language_country"


@pytest.mark.parametrize("written", ["xx", "haw", "Klingon", "1", "-"])
def test_what_iso_639_1_does_not_know_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as caught:
        language(written)
    assert caught.value.code == "language"


def test_languages_have_names_for_people() -> None:
    assert language_name("uk") == "Ukrainian"
    assert language_name("ab") == "Abkhazian"
    assert language_name("xx") == "xx"


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("true TRUE t yes Y 1 1.0 on так Так да ja oui sí tak", True),
        ("false False f no N 0 0.0 off ні Ні нет nein non não nie", False),
    ],
)
def test_yes_and_no_are_read_in_several_languages(words: str, value: bool) -> None:
    for written in words.split():
        assert boolean(written) is value


@pytest.mark.parametrize("written", ["2", "maybe", "да нет", "01"])
def test_what_is_neither_yes_nor_no_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as caught:
        boolean(written)
    assert caught.value.code == "boolean"
