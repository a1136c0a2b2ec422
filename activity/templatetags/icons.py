"""The tags of heroicons, each icon drawn once: a page has twenty, and the XML takes its time."""

from collections.abc import Callable
from functools import lru_cache

from django import template
from django.utils.safestring import SafeString
from heroicons.templatetags import heroicons

register = template.Library()


@lru_cache(maxsize=256)
def icon(style: str, name: str, **attributes: str | int) -> SafeString:
    """The SVG of an icon in a `style`: "micro", "mini" or "outline"; `size` in pixels, and other attributes."""
    draw: Callable[..., SafeString] = getattr(heroicons, f"heroicon_{style}")
    return draw(name, **attributes)


@register.simple_tag
def heroicon_micro(name: str, **attributes: str | int) -> SafeString:
    return icon("micro", name, **attributes)


@register.simple_tag
def heroicon_mini(name: str, **attributes: str | int) -> SafeString:
    return icon("mini", name, **attributes)


@register.simple_tag
def heroicon_outline(name: str, **attributes: str | int) -> SafeString:
    return icon("outline", name, **attributes)
