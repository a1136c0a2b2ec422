"""A message as its reader will see it, with marks where a value is empty."""

from django.utils.safestring import SafeString

from messaging.composing.forms import ComposeForm
from messaging.content.absent import marked_html, marked_text, with_absent
from messaging.content.content import ContentRefused
from messaging.content.render import Rendered, render


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


def title_of(form: ComposeForm) -> SafeString:
    """The title of a push, with the same marks."""
    return marked_text(_marked(form).subject)


def _marked(form: ComposeForm) -> Rendered:
    """Rendered once more with marks; where they are too much for it, without."""
    if form.content is None or form.rendered is None:
        raise ValueError(form)
    try:
        return render(form.content, with_absent(form.values), form.zone)
    except ContentRefused:
        return form.rendered
