"""Probes: /health/live says that the process answers, /health/ready that it can do its work."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import redis
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conference import heartbeat

log = structlog.get_logger(__name__)
WORKER_LATE_SECONDS = 60
MESSAGE_LATE_SECONDS = 300


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 while the database or the broker is away.

    A late worker or late mail is reported, but is no reason to take the site from the network: its pages and
    forms still work.
    """
    database = _database()
    checks = {"database": database, "broker": _broker(), "worker": _worker()}
    if database["ok"]:
        checks["outbox"] = _outbox()
    usable = checks["database"]["ok"] and checks["broker"]["ok"]
    status = (
        "not ready"
        if not usable
        else "ready"
        if all(check["ok"] for check in checks.values())
        else "degraded"
    )
    code = HTTPStatus.OK if usable else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse({"status": status, "checks": checks}, status=code)


def _database() -> dict[str, Any]:
    try:
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        log.warning("database away", reason=type(error).__name__)
        return {"ok": False}
    return {"ok": pending == 0, "pending_migrations": pending}


def _broker() -> dict[str, Any]:
    if settings.REDIS_URL.startswith("memory:"):
        return {"ok": True}
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
    try:
        client.ping()
    except redis.RedisError as error:
        log.warning("broker away", reason=type(error).__name__)
        return {"ok": False}
    finally:
        client.close()
    return {"ok": True}


def _worker() -> dict[str, Any]:
    age = heartbeat.worker_age()
    return {"ok": age is not None and age < WORKER_LATE_SECONDS, "seconds_since_heartbeat": _rounded(age)}


def _outbox() -> dict[str, Any]:
    from registration.models import Message  # noqa: PLC0415 (the project's pages do not depend on its apps)

    waiting = Message.objects.filter(
        status__in=[Message.Status.QUEUED, Message.Status.RETRY, Message.Status.SENDING]
    )
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    age = (timezone.now() - oldest).total_seconds() if oldest else None
    return {"ok": age is None or age < MESSAGE_LATE_SECONDS, "oldest_unsent_seconds": _rounded(age)}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
