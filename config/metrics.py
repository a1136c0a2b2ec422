"""`/metrics` in Prometheus' text format: requests by view, transfers by state, the oldest due work,
how long messages wait.

With several web processes set `PROMETHEUS_MULTIPROC_DIR` to a folder that is emptied at every start.
"""

import hmac
import os
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from activity.catalogue import MESSAGE_CHANNELS
from activity.models import Transfer
from messaging.models import Message

REQUESTS = Histogram(
    "rapport_request_seconds",
    "Time to answer a request, by view, method and status class.",
    ["view", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)


class RequestMetrics:
    """Times every request. The view's name stands for the address: no id, no personal value becomes a label."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in {"GET", "POST", "HEAD"} else "other"
        REQUESTS.labels(view, method, f"{response.status_code // 100}xx").observe(time.perf_counter() - start)
        return response


class WorkCollector(Collector):
    """What the database knows of the work, read when asked."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        states = GaugeMetricFamily(
            "rapport_transfers", "Imports and exports, by kind and state.", labels=["kind", "state"]
        )
        for kind, state, count in Transfer.objects.count_by_state():
            states.add_metric([kind, state], count)
        yield states
        yield GaugeMetricFamily(
            "rapport_transfers_due", "Transfers waiting for a worker.", Transfer.objects.due().count()
        )
        waits = GaugeMetricFamily(
            "rapport_messages_wait_seconds", "How long the first message of a channel has waited.", labels=["channel"]
        )
        for channel in MESSAGE_CHANNELS:
            waits.add_metric([channel.slug], Message.objects.longest_wait(channel, now()))
        yield waits
        yield GaugeMetricFamily(
            "rapport_messages_uncertain",
            "Messages of which nobody knows whether they were sent.",
            Message.objects.doubtful().count(),
        )


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics, for those who know `METRICS_TOKEN` (bearer); without a token set, for this machine alone."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(WorkCollector())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        text = generate_latest(registry)
    else:
        text = generate_latest(registry) + generate_latest(REGISTRY)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    if not settings.METRICS_TOKEN:
        return request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
