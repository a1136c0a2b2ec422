"""Gender by ISO/IEC 5218."""

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _

from contacts.identity.errors import Invalid
from contacts.identity.text import trimmed, word


class Gender(IntegerChoices):
    """ISO/IEC 5218."""

    NOT_KNOWN = 0, _("Not known")
    MALE = 1, _("Male")
    FEMALE = 2, _("Female")
    NOT_APPLICABLE = 9, _("Not applicable")


# As forms and exports write it, in the languages of Europe that send us the most files.
_WORDS = {
    Gender.NOT_KNOWN: (
        "0, 0.0, u, unknown, undefined, unspecified, empty, none, null, ?, -, not known, not specified, "
        "prefer not to say, rather not say, невідомо, не вказано, неизвестно, не указано, не указан, unbekannt, "
        "keine angabe, inconnu"
    ),
    Gender.MALE: (
        "1, 1.0, m, male, man, men, boy, mr, mister, masculine, masc, ♂, ч, чол, чоловік, чоловіки, чоловіча, "
        "чоловічий, хлопець, пан, м, муж, мужской, мужчина, мужчины, парень, господин, herr, mann, männlich, homme, "
        "masculin, monsieur, hombre, masculino, señor, uomo, maschio, maschile, signor, mężczyzna, homem, senhor, muž"
    ),
    Gender.FEMALE: (
        "2, 2.0, f, female, woman, women, girl, mrs, ms, miss, feminine, fem, ♀, ж, жін, жінка, жінки, жіноча, "
        "жіночий, дівчина, пані, жен, женский, женщина, женщины, девушка, госпожа, w, frau, weiblich, femme, "
        "féminin, mme, madame, mujer, femenino, señora, donna, femmina, femminile, signora, k, kobieta, pani, "
        "mulher, feminino, senhora, žena"
    ),
    Gender.NOT_APPLICABLE: (
        "9, 9.0, n/a, na, not applicable, other, x, d, diverse, divers, non-binary, nonbinary, non binary, інше, інша, "
        "другое, иное, autre, otro, altro, inne"
    ),
}
_GENDERS = {word(written): int(gender) for gender, words in _WORDS.items() for written in words.split(", ")}


def gender(text: str) -> int:
    """0, 1, 2 or 9, from the number or a word as people write it. Raises `Invalid`: "gender", "gender_long"."""
    written = trimmed(text, "gender", 100)
    try:
        return _GENDERS[word(written)]
    except KeyError:
        message = _("“%(value)s” is not a gender: write 0 (not known), 1 (male), 2 (female) or 9 (not applicable)")
        raise Invalid("gender", message, written) from None
