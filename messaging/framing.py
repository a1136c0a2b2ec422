"""Contents of messages in frames: documents that run nothing and are no part of the site around them.

Of other servers only pictures are asked, as they will be in the mailbox.
"""

from collections.abc import Callable
from typing import cast

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin

_View = Callable[..., HttpResponse]
_FRAMED = {
    "default-src": [NONE],
    "script-src": [NONE],
    "connect-src": [NONE],
    "font-src": [NONE],
    "form-action": [NONE],
    "img-src": ["https:", "data:"],
    "style-src": [SELF, UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": [],
}


def framed(view: _View) -> _View:
    """For the document in the frame."""
    return cast("_View", xframe_options_sameorigin(csp_replace(_FRAMED)(view)))


def framing(view: _View) -> _View:
    """For the page around it."""
    return cast("_View", csp_update({"frame-src": [SELF]})(view))
