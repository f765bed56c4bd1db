"""All figures together, in Prometheus's text format."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from conference.metrics.processes import web_server
from conference.metrics.requests import REQUESTS, SECONDS
from conference.metrics.site import Site


def everything() -> bytes:
    """Of all processes of this web server, whichever of them is asked."""
    registry = CollectorRegistry()
    if web_server():
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REQUESTS)
        registry.register(SECONDS)
    registry.register(Site())
    return generate_latest(registry)
