"""Columns of an imported file: which value of a contact each is, by its header.

The headers are those that products really write in their exports: Wooxy (before: SmartSender), Mailchimp, HubSpot,
Klaviyo, listmonk, Brevo, Outlook, and Google Contacts in its formats of before and since 2024.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from itertools import count
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.imports import consents
from contacts.values import VALUES
from contacts.variable_names import MAX_NAME, NAME, RESERVED


class Target(NamedTuple):
    """A value of a contact that a column can hold: its name in the API, and a label for people."""

    key: str
    label: str | Promise


# A full name is no value of its own: it fills two.
_LABELS = {
    **{name: value.label for name, value in VALUES.items()},
    "fullName": _("Full name"),
    **{key: format_lazy(_("{channel}: subscribed"), channel=label) for key, label in consents.LABELS.items()},
    consents.ACTIVE: _("Active"),
    "scoreBase": _("Base of the score"),
}
_KEYS = (
    *("userId", "email", "phoneNumber", "firstName", "lastName", "fullName"),
    *("birthday", "gender", "language", "source", "timezone", "avatarUrl", "scoreBase"),
    *consents.FIELDS,
)
TARGETS = tuple(Target(key, _LABELS[key]) for key in _KEYS)

# The headers of each target as `_key` gives them, the surest first. Second addresses (E-mail 2) are not among them.
_HEADERS = {
    "userId": "userid externalid customerid clientid useridentifier uid id",
    "email": (
        "email emailaddress primaryemail email1value contactemail useremail emailid mail електроннапошта "
        "електроннаадреса адресаелектронноїпошти пошта электроннаяпочта почта имейл"
    ),
    "phoneNumber": (
        "phonenumber phone mobilephonenumber mobilephone mobilenumber mobile primaryphone phone1value smsphonenumber "
        "sms cellphone cell telephonenumber telephone tel contactphone номертелефону телефон мобільнийтелефон "
        "мобільний номертелефона мобильныйтелефон мобильный"
    ),
    "firstName": "firstname givenname fname forename імя имя",
    "lastName": "lastname familyname lname surname прізвище фамилия",
    "fullName": "fullname name contactname displayname піб імятапрізвище фио имяифамилия",
    "birthday": (
        "birthday contactbirthday birthdate dateofbirth dob bday датанародження деньнародження датарождения "
        "деньрождения"
    ),
    "gender": "gender contactgender sex стать пол",
    "language": "language contactlanguage preferredlanguage languagecode lang locale мова язык",
    "source": "source contactsource sourceid leadsource джерело источник",
    "timezone": "timezone contacttimezone tz часовийпояс часовойпояс",
    "avatarUrl": (
        "avatarurl avatarlink avatar photourl photo pictureurl picture profilepictureurl profilepicture imageurl image"
    ),
    # Not the score itself, which an export of ours has: what the rules give would count twice.
    "scoreBase": "scorebase baseofthescore contactscorebase basescore",
    **{key: key.casefold() for key in consents.FIELDS},
}
_RANKED = {key: (target, rank) for target, keys in _HEADERS.items() for rank, key in enumerate(keys.split())}

# What the file of refused rows has behind the columns of the file that was imported.
REFUSAL_COLUMNS = ("Row of the file", "Why refused")

# Facts that this or another system sets, as `_key` gives their headers.
_FACTS = (
    # When a record was made and changed, and by whom.
    "created createdat createdon createddate createdtime createdate creationdate datecreated profilecreatedon",
    "createdby added addedat addedon addeddate addedtime addedvia adddate dateadded addedby",
    "updated updatedat updatedon updateddate updatedtime updatedvia updatedate dateupdated updatedby",
    "lastupdate lastupdated lastupdatedat lastupdatedate lastupdatetime lastchanged lastchangedat changed changedat",
    "modified modifiedat modifiedon modifieddate modifiedtime datemodified",
    "lastmodified lastmodifiedat lastmodifieddate",
    "датастворення створено датадодавання додано датаоновлення оновлено останнєоновлення",
    "датасоздания создан датадобавления добавлен датаобновления обновлен последнееобновление",
    # When, where and why somebody subscribed, left or was cleaned.
    "optintime optindate optinip confirmtime confirmip subscribedat subscribedon subscribedate consenttimestamp",
    "unsubscribedat unsubscribedon unsubtime unsubcampaigntitle unsubcampaignid unsubreason unsubreasonother",
    "cleantime cleancampaigntitle cleancampaignid emailmarketingconsenttimestamp smsmarketingconsenttimestamp",
    # When somebody was last active.
    "firstactive lastactive firstseen lastseen timefirstseen timelastseen lastopen lastopened lastclick lastclicked",
    "lastactivity lastactivitydate lastcontacted lastengagementdate lastlogin",
    # Identifiers within other systems, and what those derive.
    "leid euid uuid klaviyoid recordid recordidcontact memberrating gmtoff dstoff contactscore",
    # Permission to send, which a column does not give by its name alone.
    "emailmarketingconsent smsmarketingconsent emailblacklisted smsblacklisted optin optout",
)
# No value in a column of one of these headers is ever an error.
IGNORED = frozenset([*(key for keys in _FACTS for key in keys.split()), "rowofthefile", "whyrefused"])

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+[a-z]*")

# Ukrainian by the national table of 2010, the other letters of Russian, and Latin ones that are more than an accent.
_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia", "ы": "y", "э": "e", "ё": "e", "ъ": "", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae",
    "œ": "oe", "'": "", "’": "", "ʼ": "",
}  # fmt: skip
_CAPITALS = {letter.upper(): latin.capitalize() for letter, latin in _LETTERS.items()}
_LATIN = str.maketrans(_LETTERS | _CAPITALS | {"ß": "ss"})


def target_for(header: str) -> str:
    """The key of the target that the header stands for, "" for none; case, spaces and punctuation do not matter."""
    return _RANKED.get(_key(header), ("", 0))[0]


def targets_for(headers: Sequence[str]) -> list[str]:
    """The key of each column's target, "" for none, no target twice: the surest header has it, then the first."""
    best: dict[str, tuple[int, int]] = {}
    for position, header in enumerate(headers):
        target, rank = _RANKED.get(_key(header), ("", 0))
        if target:
            best[target] = min(best.get(target, (rank, position)), (rank, position))
    if full_name := best.get("fullName"):
        _settle_names(best, is_plain_name=_key(headers[full_name[1]]) == "name")
    targets = {position: target for target, (_rank, position) in best.items()}
    return [targets.get(position, "") for position in range(len(headers))]


def is_ignored(header: str) -> bool:
    """Whether the column holds a fact that some system has set, not a value of the person."""
    return _key(header) in IGNORED


def variable_name(header: str, taken: Collection[str], *, index: int) -> str:
    """A name for a variable made of this column: the header itself where it is one, else its words in camelCase.

    Neither reserved nor among `taken`, whatever the case. `index` (from 0) names a column that Latin letters cannot.
    """
    name = header if NAME.fullmatch(header) else _camel_case(header) or f"column{index + 1}"
    unavailable = RESERVED | {other.lower() for other in taken}
    if name.lower() not in unavailable:
        return name
    numbered = (f"{name[: MAX_NAME - len(str(number))]}{number}" for number in count(2))
    return next(candidate for candidate in numbered if candidate.lower() not in unavailable)


def _settle_names(best: dict[str, tuple[int, int]], *, is_plain_name: bool) -> None:
    """A full name beside its parts is one column too many; `Name` beside a last name alone is the first name."""
    if "lastName" in best and "firstName" not in best and is_plain_name:
        best["firstName"] = best.pop("fullName")
    elif "lastName" in best or "firstName" in best:
        del best["fullName"]


def _key(header: str) -> str:
    """The header's letters and digits in one case: `E-mail 1 - Value` gives email1value."""
    text = unicodedata.normalize("NFKC", header[:200]).casefold().replace("ʼ", "")
    return "".join(filter(str.isalnum, text))


def _camel_case(header: str) -> str:
    """The words of the header in Latin letters, "" for none."""
    composed = unicodedata.normalize("NFC", header[:200]).translate(_LATIN)
    words = _WORD.findall("".join(c for c in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(c)))
    name = "".join(word.lower() if place == 0 else word.capitalize() for place, word in enumerate(words))
    return (f"column{name}" if name[:1].isdigit() else name)[:MAX_NAME]
