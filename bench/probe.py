"""Requests to the site within this process, through all middleware, and the statements they send to PostgreSQL."""

import time
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from django.db import connection
from django.test import Client

_WARM_UP = 20


class Request(NamedTuple):
    path: str
    form: dict[str, str] | None = None
    # What the answer must be, or its times mean nothing.
    status: int = 200


class Page(NamedTuple):
    """A kind of page, and requests for some of its kind."""

    name: str
    requests: Sequence[Request]


class Statements:
    """Counts statements and the time the driver takes for them; for `connection.execute_wrapper`."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.seconds += time.perf_counter() - started
            self.count += 1


def measure(client: Client, pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Times of the requests of each page, after some of them as a warm-up.

    The pages take turns, so that what else the machine does meets them alike. Returns of each the `name`, `queries`
    (fewest and most statements), and in seconds `sql` and `whole` (p50, p95).
    """
    for page in pages:
        for request in page.requests[:_WARM_UP]:
            _send(client, request)
    taken: list[list[tuple[int, float, float]]] = [[] for _page in pages]
    for turn in zip_longest(*(page.requests for page in pages)):
        for times, request in zip(taken, turn, strict=True):
            if request is not None:
                times.append(_timed(client, request))
    return [_summary(page.name, times) for page, times in zip(pages, taken, strict=True)]


def _timed(client: Client, request: Request) -> tuple[int, float, float]:
    statements = Statements()
    started = time.perf_counter()
    with connection.execute_wrapper(statements):
        _send(client, request)
    return statements.count, statements.seconds, time.perf_counter() - started


def _summary(name: str, times: Sequence[tuple[int, float, float]]) -> dict[str, Any]:
    counts, sql, whole = zip(*times, strict=True)
    return {"name": name, "queries": (min(counts), max(counts)), "sql": spread(sql), "whole": spread(whole)}


def spread(values: Sequence[float]) -> tuple[float, float]:
    """p50 and p95: the smallest value that is not exceeded by so many percent of them (nearest rank)."""
    ordered = sorted(values)
    median, high = (ordered[-(-len(ordered) * percent // 100) - 1] for percent in (50, 95))
    return median, high


def _send(client: Client, request: Request) -> None:
    response = client.get(request.path) if request.form is None else client.post(request.path, request.form)
    if response.status_code != request.status:
        raise RuntimeError(f"{request.path} answered {response.status_code} instead of {request.status}")
