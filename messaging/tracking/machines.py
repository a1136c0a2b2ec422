"""Tells programs that fetch what is in a mail from people who look at it. Both are kept; programs are marked."""

import datetime
import re

# Pictures are fetched ahead, and links are followed to see whether they are safe.
_PROGRAMS = re.compile(
    r"googleimageproxy|yahoomailproxy|barracuda|proofpoint|mimecast|symantec|safelinks|cloudmark|trendmicro|"
    r"bot\b|crawler|spider|preview|curl/|wget/|python-|go-http-client|headlesschrome|okhttp|java/",
    re.IGNORECASE,
)
# Nobody reads a mail and follows its link so soon.
_SOON = datetime.timedelta(seconds=2)


def is_machine(user_agent: str, *, since_sent: datetime.timedelta | None, fetches_ahead: bool = False) -> bool:
    """`since_sent`: None where it is not known; `fetches_ahead`: the request says so (Sec-Purpose: prefetch)."""
    if fetches_ahead or not user_agent.strip() or _PROGRAMS.search(user_agent):
        return True
    return since_sent is not None and since_sent < _SOON
