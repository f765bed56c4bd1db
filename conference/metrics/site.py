"""What is true of the whole site, whichever process is asked: places, mail, tasks, parts that are away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import redis
import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.utils import timezone
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from conference import heartbeat
from conference.health import run_checks
from conference.metrics import memory, tasks
from conference.sentinel import has_redis, redis_client

log = structlog.get_logger(__name__)
Row = tuple[tuple[str, ...], float]
# What has to read whole tables is asked once in a minute for all processes and machines together.
DEAR_SECONDS = 60


class Site:
    """A collector as prometheus_client wants it. What cannot be asked is left out; `koprue_ready` says why."""

    def collect(self) -> Iterator[Metric]:
        checks = run_checks()
        yield gauge(
            "ready", "1 where the check of /health/ready holds.", ["check"],
            [((name,), float(check["ok"])) for name, check in checks.items()],
        )  # fmt: skip
        yield from _unless_away(_signs_of_life)
        yield from _unless_away(_redis)
        if checks["database"]["ok"]:
            yield from _unless_away(_database)


def gauge(name: str, meaning: str, labels: list[str], rows: list[Row]) -> Metric:
    return _filled(GaugeMetricFamily(f"koprue_{name}", meaning, labels=labels), rows)


def counter(name: str, meaning: str, labels: list[str], rows: list[Row]) -> Metric:
    return _filled(CounterMetricFamily(f"koprue_{name}", meaning, labels=labels), rows)


def _filled(family: Any, rows: list[Row]) -> Metric:
    for labels, value in rows:
        family.add_metric(labels, value)
    metric: Metric = family
    return metric


def _unless_away(ask: Callable[[], Iterator[Metric]]) -> list[Metric]:
    try:
        return list(ask())
    except (Error, redis.RedisError) as error:
        log.warning("figures not to be had", reason=type(error).__name__)
        return []


def _signs_of_life() -> Iterator[Metric]:
    age = heartbeat.worker_age()
    if age is not None:
        yield gauge(
            "worker_heartbeat_age_seconds", "Since a worker last gave a sign of life.", [], [((), age)]
        )
    yield gauge(
        "memory_bytes", "Memory of the processes, shared pages counted once.", ["process"],
        [((name,), size) for name, size in memory.known().items()],
    )  # fmt: skip
    finished, seconds = tasks.figures()
    yield counter("tasks", "Tasks that ended.", ["task", "state"], finished)
    yield counter("task_seconds", "Time that tasks took.", ["task"], seconds)


def _redis() -> Iterator[Metric]:
    if not has_redis():
        return
    with redis_client(seconds=0.5) as client:
        lengths: list[Row] = [((name,), float(client.llen(name))) for name in settings.CELERY_TASK_QUEUES]
        said: Any = {**client.info("memory"), **client.info("stats")}
    yield gauge("queue_tasks", "Tasks that no worker has taken.", ["queue"], lengths)
    yield gauge("redis_memory_bytes", "Memory of the Redis server.", [], [((), said["used_memory"])])
    hits, misses = said["keyspace_hits"], said["keyspace_misses"]
    yield counter(
        "redis_lookups", "What was looked up, and whether it was there.", ["found"],
        [(("yes",), hits), (("no",), misses)],
    )  # fmt: skip
    yield counter(
        "redis_evicted_keys", "Keys thrown out for want of memory.", [], [((), said["evicted_keys"])]
    )


def _database() -> Iterator[Metric]:
    yield from _places()
    yield gauge(
        "outbox_oldest_seconds", "Since when the longest waiting message has been due; 0 where none waits.",
        ["lane"], _waiting(),
    )  # fmt: skip
    dear: dict[str, Any] = cache.get_or_set("metrics-dear", _dear, DEAR_SECONDS) or _dear()
    yield gauge(
        "messages", "Messages of the outbox.", ["status"],
        [((status,), count) for status, count in dear["messages"].items()],
    )  # fmt: skip
    yield gauge("database_bytes", "Size of the database.", [], [((), dear["bytes"])])


def _places() -> Iterator[Metric]:
    from workshops.models import Workshop  # noqa: PLC0415 (the project does not depend on its apps)

    taken: list[Row] = []
    limits: list[Row] = []
    names = ("slug", "taken_active", "capacity_active", "taken_listener", "capacity_listener")
    for slug, active, most, listening, most_listening in Workshop.objects.filter(
        conference__is_current=True
    ).values_list(*names):
        taken += [((slug, "active"), active), ((slug, "listener"), listening)]
        limits += [((slug, "active"), most)] if most is not None else []
        limits += [((slug, "listener"), most_listening)] if most_listening is not None else []
    yield gauge("places_taken", "Places that are taken.", ["workshop", "role"], taken)
    yield gauge(
        "places_limit", "Places there are; none where there is no limit.", ["workshop", "role"], limits
    )


def _waiting() -> list[Row]:
    from registration.domain.outbox.figures import unsent_since  # noqa: PLC0415
    from registration.domain.outbox.lanes import Lane  # noqa: PLC0415

    now = timezone.now()
    since = {lane: unsent_since(at=now, lanes=[lane]) for lane in Lane}
    return [((str(lane),), (now - at).total_seconds() if at else 0.0) for lane, at in since.items()]


def _dear() -> dict[str, Any]:
    from registration.domain.outbox.figures import messages_by_status  # noqa: PLC0415

    return {"messages": messages_by_status(), "bytes": _database_bytes()}


def _database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])
