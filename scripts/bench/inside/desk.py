"""How many queries and milliseconds the start page and every list of the admin take.

`… inside.desk [operator] [owner] [member]`: each page is called as the operator, as somebody who looks after the whole
conference, and as a member of one workshop's team, or as those named. The best of several calls; beside the wall clock
the processor's time, ours and the database's, which hardly depends on what else the machine does. Prints by reader and
page the status, the queries and the milliseconds.
"""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import answer, ready

ready()

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse

from workshops.models import Conference, Membership, Workshop

CALLS = 4
HOST = "conference.example"


def main(wanted: Sequence[str]) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    # Who signs in is not what is measured.
    settings.ADMIN_REQUIRES_SECOND_FACTOR = False
    answer({f"{who} {page}": call for who, client in _readers(wanted) for page, call in _pages(client)})


def _pages(client: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    names = [f"{m._meta.app_label}_{m._meta.model_name}_changelist" for m in admin.site._registry]
    for name in ["index", *sorted(names), "registration_registration_deciding"]:
        yield name.removesuffix("_changelist"), _call(client, reverse(f"admin:{name}"))


def _readers(wanted: Sequence[str]) -> Iterator[tuple[str, Any]]:
    conference = Conference.objects.get(is_current=True)
    workshop = Workshop.objects.filter(conference=conference)[0]
    roles: dict[str, dict[str, Any] | None] = {
        "operator": None,
        "owner": {},
        "member": {"workshop": workshop},
    }
    for who, about in roles.items():
        if not wanted or who in wanted:
            yield who, _signed_in(who, conference, about)


def _signed_in(who: str, conference: Conference, about: dict[str, Any] | None) -> Any:
    user, _new = get_user_model()._default_manager.get_or_create(
        email=f"{who}@measured.example.org",
        defaults={"username": who, "is_staff": True, "is_superuser": about is None},
    )
    if about is not None:
        Membership.objects.get_or_create(user=user, conference=conference, **about)
    client = Client(headers={"host": HOST, "accept-language": "de", "x-forwarded-proto": "https"})
    client.force_login(user)
    return client


def _call(client: Any, url: str) -> dict[str, Any]:
    """The best of several calls; one before them fills the caches. Where the wall clock says less, it counts."""
    status = client.get(url, secure=True).status_code
    calls = [_once(client, url) for _each in range(CALLS)]
    queries = max(queries for queries, _elapsed, _worked in calls)
    fastest = min(min(elapsed, worked) for _queries, elapsed, worked in calls)
    return {"status": status, "queries": queries, "ms": fastest}


def _once(client: Any, url: str) -> tuple[int, float, float]:
    asked = []

    def count(execute: Any, *arguments: Any) -> Any:
        asked.append(1)
        return execute(*arguments)

    started, worked = time.perf_counter(), _processor_time()
    with connection.execute_wrapper(count):
        client.get(url, secure=True)
    return len(asked), (time.perf_counter() - started) * 1000, (_processor_time() - worked) * 1000


def _processor_time() -> float:
    """Seconds, ours and the database's, where that runs on this machine."""
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not stat.exists() or b"postgres" not in stat.with_name("cmdline").read_bytes():
        return time.process_time()
    used = stat.read_text().rpartition(")")[2].split()
    return time.process_time() + (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(sys.argv[1:])
