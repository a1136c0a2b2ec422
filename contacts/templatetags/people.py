from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from activity.markup import filled
from contacts import cells
from contacts.models import Contact
from contacts.values import Value

register = template.Library()

_EDIT = """<a class="edit" href="{url}" hx-get="{url}" hx-target="closest [data-value]"
><span class="visually-hidden">{words}</span></a>"""


@register.simple_tag
def avatar(contact: Contact, size: str = "") -> SafeString:
    """The contact's picture, or the initials; `size`: "large", ""."""
    return cells.avatar(contact, size)


@register.simple_tag
def edit_link(contact: Contact, value: Value) -> SafeString:
    """The way to change a value in place."""
    url = reverse("contacts:edit", args=[contact.pk, value.name])
    return filled(_EDIT, url=url, words=_("Edit %(what)s") % {"what": value.label})
