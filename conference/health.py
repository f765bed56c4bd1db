"""Probes: /health/live says that the process answers, /health/ready that it can do its work."""

from __future__ import annotations

import shutil
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conference import heartbeat
from conference.data_dir import ROOT
from conference.migrations_left import migrations_left
from conference.sentinel import has_redis, redis_client

log = structlog.get_logger(__name__)
WORKER_LATE_SECONDS = 60
MESSAGE_LATE_SECONDS = 300
# A disk is short of space below a tenth of its size, but a large one not before this is all that is left.
ENOUGH_BYTES = 1024**3
# Without these no page and no form works; whatever else is wrong, taking the site from the network makes it worse.
NEEDED = ("database", "broker")
Checks = dict[str, dict[str, Any]]
# At most one: the last that were found usable, with the moment.
_kept: list[tuple[float, Checks]] = []


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 while the database or the broker is away.

    A late worker, late mail or a full disk is reported, but is no reason to take the site from the network: its pages
    and forms still work, or say themselves what does not.
    """
    checks = lately_checked()
    usable = _usable(checks)
    everything = all(check["ok"] for check in checks.values())
    status = "not ready" if not usable else "ready" if everything else "degraded"
    code = HTTPStatus.OK if usable else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"status": status, "checks": checks}, status=code)


def lately_checked() -> Checks:
    """Anybody may ask, as often as they like: what was well a moment ago is not asked of the database again.

    What was not is asked anew each time, so that the end of a trouble is seen at once.
    """
    for at, checks in _kept:
        if 0 <= time.monotonic() - at < settings.HEALTH_KEPT_SECONDS:
            return checks
    checks = run_checks()
    _kept[:] = [(time.monotonic(), checks)] if _usable(checks) else []
    return checks


def _usable(checks: Checks) -> bool:
    return all(checks[name]["ok"] for name in NEEDED)


def run_checks() -> Checks:
    """Each with `ok` and its figures, which anybody may read."""
    database = _database()
    checks = {"database": database, "broker": _broker(), "worker": _worker(), "disk": _disk()}
    return {**checks, "outbox": _outbox()} if database["ok"] else checks


def _database() -> dict[str, Any]:
    try:
        left = migrations_left()
    except Error as error:
        log.warning("database away", reason=type(error).__name__)
        return {"ok": False}
    return {"ok": left == 0, "pending_migrations": left}


def _broker() -> dict[str, Any]:
    if not has_redis():
        return {"ok": True}
    try:
        with redis_client(seconds=0.5) as client:
            client.ping()
    except redis.RedisError as error:
        log.warning("broker away", reason=type(error).__name__)
        return {"ok": False}
    return {"ok": True}


def _worker() -> dict[str, Any]:
    age = heartbeat.worker_age()
    return {"ok": age is not None and age < WORKER_LATE_SECONDS, "seconds_since_heartbeat": _rounded(age)}


def _outbox() -> dict[str, Any]:
    from registration.domain.outbox.figures import unsent_since  # noqa: PLC0415 (the project does not depend on its apps)

    try:
        since = unsent_since(at=timezone.now())
    except Error as error:
        log.warning("database away", reason=type(error).__name__)
        return {"ok": False, "oldest_unsent_seconds": None}
    age = max((timezone.now() - since).total_seconds(), 0.0) if since else None
    return {"ok": age is None or age < MESSAGE_LATE_SECONDS, "oldest_unsent_seconds": _rounded(age)}


def _disk() -> dict[str, Any]:
    """The fullest of those we know. Whoever runs PostgreSQL elsewhere watches its disk there."""
    disks = [shutil.disk_usage(place) for place in places()]
    return {
        "ok": all(is_enough(free=disk.free, total=disk.total) for disk in disks),
        "free_percent": min(
            (int(100 * disk.free / disk.total) for disk in disks if disk.total), default=None
        ),
    }


def is_enough(*, free: int, total: int) -> bool:
    return free >= min(ENOUGH_BYTES, total / 10)


def places() -> list[Path]:
    """What we write to, and where the code lies: in a container the first is memory, the second the machine's disk."""
    found = [ROOT, *([Path(settings.HEARTBEAT_DIR)] if settings.HEARTBEAT_DIR else [])]
    if connection.vendor == "sqlite":
        found.append(Path(str(connection.settings_dict["NAME"])).parent)
    return [place for place in found if place.is_dir()]


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
