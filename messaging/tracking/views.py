import base64
import zlib
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from messaging.content.push import PUSH_CHANNELS
from messaging.models import Message
from messaging.receipts import TRACKING, Told, receive
from messaging.tellings import Telling
from messaging.tracking import tokens
from messaging.tracking.machines import is_machine

_DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


class _Elsewhere(HttpResponseRedirectBase):
    status_code = 302
    allowed_schemes = ["http", "https"]


@login_not_required
@require_safe
@never_cache
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The picture of a mail that somebody looks at; the same for a token of nobody's."""
    if message_id := tokens.read(token):
        _see(request, message_id, Telling.OPENED)
    return HttpResponse(_DOT, content_type="image/gif")


@login_not_required
@require_safe
@never_cache
def clicked(request: HttpRequest, token: str, place: int) -> HttpResponse:
    """Leads on to where a link of a mail leads."""
    message = Message.objects.select_related("rendered").filter(pk=tokens.read(token) or 0).first()
    links = message.rendered.links if message and message.rendered else []
    if message is None or not 0 < place <= len(links):
        raise Http404(_("This link leads nowhere any more."))
    url = str(links[place - 1])
    _see(request, message.pk, Telling.CLICKED, url=url)
    return _Elsewhere(url) if urlsplit(url).netloc else HttpResponse(status=404)


def _see(request: HttpRequest, message_id: int, telling: Telling, **details: str) -> None:
    """Once a minute of each: mail programs fetch the same thing several times in a row."""
    at = now()
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        return
    agent = request.headers.get("User-Agent", "")
    purpose = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    machine = is_machine(
        agent,
        # Mails are looked through on their way; a push is seen by nobody before the person.
        since_sent=at - message.sent_at if message.sent_at and message.channel not in PUSH_CHANNELS else None,
        fetches_ahead="prefetch" in purpose or request.method == "HEAD",
    )
    where = details.get("url", "")
    told = Told(
        event_id=f"{message_id}:{telling}:{'machine' if machine else 'person'}:{at:%Y%m%d%H%M}:{_short(where)}",
        telling=telling,
        occurred_at=at,
        message_id=message_id,
        details=details | ({"machine": _("a program")} if machine else {}),
        raw={"user_agent": agent[:500]},
    )
    receive(TRACKING, [told])


def _short(text: str) -> str:
    """Short, and the same in every process."""
    return f"{zlib.crc32(text.encode()):08x}"
