"""A message as its reader will see it: a document for a sandboxed frame, with a content policy of its own.

The frame runs nothing and is no part of the site; only pictures come from elsewhere, as they will in the mailbox.
"""

from collections.abc import Callable
from typing import Any, cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.clickjacking import xframe_options_sameorigin

from messaging.composing.forms import ComposeForm
from messaging.content.absent import marked_html, marked_text, with_absent
from messaging.content.content import ContentRefused
from messaging.content.render import render

_View = Callable[..., HttpResponse]
_FRAMED = {
    "default-src": [NONE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": ["https:", "data:"],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


def framed(view: _View) -> _View:
    """For the document in the frame."""

    return cast("_View", xframe_options_sameorigin(csp_replace(_FRAMED)(view)))


def framing(view: _View) -> _View:
    """For the page around it."""

    return cast("_View", csp_update({"frame-src": [SELF]})(view))


def document_of(form: ComposeForm) -> SafeString | None:
    """A whole HTML document of an email; None for other messages, which are shown as `text_of`."""
    rendered = form.rendered and _marked(form)
    return marked_html(rendered.html) if rendered and rendered.html.startswith("<!doctype") else None


def text_of(form: ComposeForm) -> SafeString:
    """The plain text as HTML, with marks where a value is empty."""
    rendered = _marked(form)
    if rendered.html and not rendered.html.startswith("<!doctype"):
        return marked_html(rendered.html)
    return marked_text(rendered.text)


def _marked(form: ComposeForm) -> Any:
    """Rendered once more with marks; where they are too much for it, without."""
    if form.content is None or form.rendered is None:
        raise ValueError(form)
    try:
        return render(form.content, with_absent(form.values))
    except ContentRefused:
        return form.rendered
