"""Looks a message up at Twilio (twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources).

By its number where that is known; else among those to the same phone number, made when it was handed over, with the
same text. Twilio gives our own number back to the callback only, not to who asks.
"""

import datetime
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from messaging.providers import http
from messaging.providers.interface import Absent, Found, Knowledge, Sought, Unknown
from messaging.providers.twilio.codes import telling_of
from messaging.providers.twilio.places import account_url, api_url, sign_in
from messaging.tellings import Telling

# A call that was cut off may have been made at Twilio a little later; its clock may be a little behind.
_BEFORE, _AFTER = datetime.timedelta(seconds=10), datetime.timedelta(minutes=5)
_PAGES, _SIZE = 5, 50
_DELIVERED, _FAILURES = frozenset({"delivered", "read"}), frozenset({"undelivered", "failed"})
_TRIAL = "Sent from your Twilio trial account - "


class _NoAnswer(Exception):
    """Twilio could not be asked; the text says why."""


def find(courier: http.HttpCourier, sought: Sought) -> Knowledge:
    try:
        if sought.provider_id:
            return _meaning(_get(courier, f"{account_url()}/Messages/{sought.provider_id}.json"))
        matches = [each for each in _listed(courier, sought) if _is_it(each, sought)]
    except _NoAnswer as refusal:
        return Unknown(str(refusal))
    if len(matches) == 1:
        return _meaning(matches[0])
    return Absent(f"{len(matches)} messages to this number with this text at this time")


def _listed(courier: http.HttpCourier, sought: Sought) -> Iterator[dict[str, Any]]:
    """The last ones to the number, back to the time of the call."""
    url: str | None = f"{account_url()}/Messages.json?{urlencode({'To': sought.address, 'PageSize': _SIZE})}"
    for _page in range(_PAGES):
        page = _get(courier, url) if url else {}
        found = [each for each in page.get("messages") or [] if isinstance(each, dict)]
        yield from found
        next_page = page.get("next_page_uri")
        if not next_page or not found or (_made_at(found[-1]) or sought.called_at) < sought.called_at - _BEFORE:
            return
        url = f"{api_url()}{next_page}"


def _get(courier: http.HttpCourier, url: str) -> dict[str, Any]:
    answer = http.call(courier.http, url, method="GET", auth=sign_in())
    if not isinstance(answer, http.Answered):
        raise _NoAnswer(answer.words)
    if answer.status != 200:
        raise _NoAnswer(f"{answer.status} {answer.text}"[:1_000])
    return answer.body


def _is_it(each: dict[str, Any], sought: Sought) -> bool:
    made_at = _made_at(each)
    at_the_time = made_at is not None and -_BEFORE <= made_at - sought.called_at <= _AFTER
    says = str(each.get("body", "")).removeprefix(_TRIAL).strip() == sought.text.strip()
    return at_the_time and says and each.get("to") == sought.address and each.get("sid") not in sought.others


def _made_at(each: dict[str, Any]) -> datetime.datetime | None:
    """Dates are those of RFC 2822; one without a zone (-0000) is UTC."""
    try:
        found = parsedate_to_datetime(str(each.get("date_created", "")))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _meaning(each: dict[str, Any]) -> Knowledge:
    status, code = str(each.get("status", "")), each.get("error_code")
    if not each.get("sid") or status == "canceled":
        return Absent(status or "no such message")
    words = " ".join(str(part) for part in (status, code, each.get("error_message")) if part)
    if status in _FAILURES:
        return Found(str(each["sid"]), telling_of(code if isinstance(code, int) else 30008), words)
    return Found(str(each["sid"]), Telling.DELIVERED if status in _DELIVERED else Telling.SENT, words)
