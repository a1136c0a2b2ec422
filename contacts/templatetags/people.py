from django import template
from django.utils.safestring import SafeString

from contacts import cells
from contacts.models import Contact

register = template.Library()


@register.simple_tag
def avatar(contact: Contact, size: str = "") -> SafeString:
    """The contact's picture, or the initials; `size`: "large", ""."""
    return cells.avatar(contact, size)
