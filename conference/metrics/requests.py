"""What each web process counts of its own requests."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from prometheus_client import Counter, Histogram

REQUESTS = Counter(
    "koprue_http_requests_total", "Requests that were answered.", ["method", "route", "status"], registry=None
)
SECONDS = Histogram(
    "koprue_http_request_seconds",
    "Time until the answer was made.",
    ["method", "route"],
    registry=None,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
# Finding a label's own counter takes as long as counting. Bounded by what the URLconf knows.
_counters: dict[tuple[str, str | None, int], tuple[Callable[[], None], Callable[[float], None]]] = {}


def count_request(method: str, route: str | None, status: int, seconds: float) -> None:
    found = _counters.get((method, route, status)) or _counters_for(method, route, status)
    found[0]()
    found[1](seconds)


def _counters_for(
    method: str, route: str | None, status: int
) -> tuple[Callable[[], None], Callable[[float], None]]:
    label = route_label(route)
    found = (REQUESTS.labels(method, label, str(status)).inc, SECONDS.labels(method, label).observe)
    _counters[method, route, status] = found
    return found


def route_label(route: str | None) -> str:
    """The languages of a page are one route; what no route knows is `none`, whatever its address."""
    if route is None:
        return "none"
    language, slash, rest = route.partition("/")
    if slash and language in dict(settings.LANGUAGES):
        return f"<lang>/{rest}"
    return route or "root"
