"""What a contact has in each column of a list, as HTML.

In Python, since a page has hundreds of cells: as templates they took four fifths of its time.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from activity.markup import escaped, filled, joined
from contacts.columns import COLUMNS
from contacts.models import Contact

Cell = Callable[[Contact], SafeString]
Marks = Mapping[int, Sequence[StrOrPromise]]

_NO_MARKS: Marks = {}
_NONE = mark_safe('<span class="none" aria-hidden="true">—</span>')


def rows_of(
    contacts: Iterable[Contact], keys: Sequence[str], marks: Marks = _NO_MARKS, *, form: str = ""
) -> list[SafeString]:
    """The inside of each contact's row: the name as its head, and the other columns; `marks` stand by the status.

    `form`: the id of the form to which a box beside each name belongs; "" for no boxes.
    """
    # What is the same in every row is made once.
    cells = _CELLS | {"status": _status_with(marks)}
    columns = [(filled('<td data-label="{}">', COLUMNS[key]), cells[key]) for key in keys if key != "name"]
    address = reverse("contacts:profile", args=[0])
    return [_row(contact, columns, form, address.replace("/0/", f"/{contact.pk}/")) for contact in contacts]


def avatar(contact: Contact, size: str = "") -> SafeString:
    """The picture over the initials on a colour of their own, which stay where it does not load.

    `size`: "large" or "".
    """
    classes = f"avatar avatar-{contact.colour}" + (f" avatar-{size}" if size else "")
    return filled(
        '<span class="{}" aria-hidden="true">{}{}</span>', classes, contact.initials, _picture(contact.avatar_url)
    )


def _row(contact: Contact, columns: Sequence[tuple[SafeString, Cell]], form: str, url: str) -> SafeString:
    name = _name(contact, url)
    head = _with_box(contact, form, name) if form else name
    cells = (f"{begin}{cell(contact)}</td>" for begin, cell in columns)
    return mark_safe(f'<th scope="row">{head}</th>{"".join(cells)}')  # noqa: S308 - put together of HTML


def _with_box(contact: Contact, form: str, name: SafeString) -> SafeString:
    label = f'aria-label="{escaped(contact.full_name)}"'
    box = f'<input class="tick" type="checkbox" name="ids" value="{contact.pk}" form="{form}" {label}>'
    return mark_safe(f'<span class="ticked">{box}{name}</span>')  # noqa: S308 - all is escaped


def _picture(url: str) -> SafeString | str:
    if not url:
        return ""
    return filled('<img src="{}" alt="" referrerpolicy="no-referrer" loading="lazy" decoding="async">', url)


def _name(contact: Contact, url: str) -> SafeString:
    return filled(
        '<a class="person" href="{}">{}<span dir="auto">{}</span></a>',
        url,
        avatar(contact),
        contact.full_name,
    )


def _text(text: object) -> SafeString:
    return filled('<span dir="auto">{}</span>', text) if text else _NONE


def _number(text: object) -> SafeString:
    return filled('<span class="number" dir="ltr">{}</span>', text) if text != "" else _NONE


def _day(at: datetime.datetime | None) -> SafeString:
    if at is None:
        return _NONE
    at = timezone.localtime(at)
    exact, day = date_format(at, "DATETIME_FORMAT"), date_format(at, "SHORT_DATE_FORMAT")
    return filled('<time datetime="{}" title="{}">{}</time>', at.isoformat(timespec="seconds"), exact, day)


def _status_with(marks: Marks) -> Cell:
    def status(contact: Contact) -> SafeString:
        more = joined("", ' <span class="label label-bad">{}</span>', ((mark,) for mark in marks.get(contact.pk, ())))
        return _status(contact) + more

    return status


def _status(contact: Contact) -> SafeString:
    if contact.is_active:
        return filled('<span class="label label-ok">{}</span>', _("Active"))
    return filled('<span class="label">{}</span>', _("Inactive"))


_CELLS: dict[str, Cell] = {
    "email": lambda contact: _text(contact.email_for_people),
    "phone": lambda contact: _number(contact.phone_for_people),
    "userId": lambda contact: _text(contact.user_id),
    "status": _status,
    "language": lambda contact: _text(contact.language_name),
    "source": lambda contact: _text(contact.source),
    "added": lambda contact: _day(contact.added_at),
    "updated": lambda contact: _day(contact.updated_at),
    "gender": lambda contact: _text(contact.gender and contact.get_gender_display()),
    "birthday": lambda contact: _number(contact.birthday.isoformat() if contact.birthday else ""),
    "timezone": lambda contact: _number(contact.timezone_offset),
    "score": lambda contact: _number(contact.score),
}
