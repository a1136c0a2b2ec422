from functools import lru_cache

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from activity.markup import filled
from contacts import cells
from contacts.editables import Editable
from contacts.models import Contact
from contacts.values import Value

register = template.Library()

_ANY = "-any-"
_EDIT = """<a class="edit" href="{url}" hx-get="{url}" hx-target="closest [data-value]"
><span class="visually-hidden">{words}</span></a>"""


@register.simple_tag
def avatar(contact: Contact, size: str = "") -> SafeString:
    """The contact's picture, or the initials; `size`: "large", ""."""
    return cells.avatar(contact, size)


@lru_cache(maxsize=64)
def _edit_address(pk: int) -> str:
    """With `_ANY` as the value: a page has it for each."""
    return reverse("contacts:edit", args=[pk, _ANY])


@register.simple_tag
def edit_link(contact: Contact, value: Value | Editable) -> SafeString:
    """The way to change a value in place."""
    url = _edit_address(contact.pk).replace(_ANY, value.name)
    return filled(_EDIT, url=url, words=_("Edit %(what)s") % {"what": value.label})
