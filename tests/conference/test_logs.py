from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from conference.data_dir import ROOT
from conference.logs import redact
from tests.conference.production import ENVIRONMENT

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("mail to ayse.yilmaz+x@izmir.bel.tr failed", "mail to <address> failed"),
        ("GET /de/invitation/abc-DEF_123/ broke", "GET /de/invitation/<link> broke"),
        ("/accounts/password/reset/key/2-abc/", "/accounts/password/reset/key/<link>"),
        ("duplicate key\nDETAIL:  Key (name)=(Ayşe) exists.", "duplicate key\nDETAIL:  <row>"),
        ("smtp+tls://user:pass@mail:587 refused", "smtp+tls://<credentials>@mail:587 refused"),
        ("message sent", "message sent"),
    ],
)
def test_a_line_names_nobody(line: str, written: str) -> None:
    assert redact(line) == written


SCRIPT = """
import django, logging, structlog
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "conference.example"})
client.get("/de/invitation/SECRETLINK/nothing/here", secure=True)
structlog.get_logger("x").warning("sent", message="4711")
try:
    raise ValueError("for someone@example.org")
except ValueError:
    logging.getLogger("library").exception("failed for someone@example.org")
"""


def test_production_writes_json_lines_without_links_and_addresses() -> None:
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=ENVIRONMENT, cwd=ROOT, capture_output=True, text=True, check=False
    )

    lines = [json.loads(line) for line in result.stderr.splitlines()]
    assert {"sent", "request"} <= {line["event"] for line in lines}
    assert all(line["level"] and line["timestamp"] for line in lines)
    assert "request_id" in next(line for line in lines if line["event"] == "request")
    assert "someone" not in result.stderr
    assert "SECRETLINK" not in result.stderr


REQUESTS = """
import django
django.setup()
from django.test import Client
client = Client(raise_request_exception=False, headers={"host": "conference.example"})
for headers in ({"x-request-id": "proxy-4711"}, {"x-request-id": 'short", "level": "x'}, {}):
    answer = client.generic('G"ET' if headers else "GET", "/robots.txt", secure=True, headers=headers)
    print(answer.headers["X-Request-ID"])
client.get("/health/live", secure=True)
"""


def test_the_line_of_a_request_holds_nothing_that_was_not_ours_to_choose() -> None:
    result = subprocess.run(
        [sys.executable, "-c", REQUESTS],
        env=ENVIRONMENT,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    lines = [json.loads(line) for line in result.stderr.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [list(line) for line in requests] == [
        ["method", "route", "status", "milliseconds", "event", "request_id", "logger", "level", "timestamp"]
    ] * 3
    assert [
        (line["method"], line["route"], line["status"], line["logger"], line["level"]) for line in requests
    ] == [
        ("other", None, 405, "conference.middleware", "info"),
        ("other", None, 405, "conference.middleware", "info"),
        ("GET", "robots.txt", 200, "conference.middleware", "info"),
    ]
    numbers = [line["request_id"] for line in requests]
    assert numbers == result.stdout.split()
    assert (numbers[0], len(numbers[1]), len(set(numbers))) == ("proxy-4711", 32, 3)


def test_a_log_that_takes_no_more_keeps_nobody_from_an_answer() -> None:
    """As with a full disk, or a reader of the log that has ended."""
    with Path("/dev/full").open("w") as full:
        result = subprocess.run(
            [sys.executable, "-c", REQUESTS],
            env=ENVIRONMENT,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            check=False,
        )

    assert len(result.stdout.split()) == 3


def test_what_nobody_asked_for_is_not_loaded() -> None:
    script = "import conference.wsgi, sys; print([n for n in ('sentry_sdk', 'prometheus_client') if n in sys.modules])"
    loaded = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**ENVIRONMENT, **more},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for more in ({}, {"METRICS_TOKEN": "x"})
    ]

    assert loaded == ["[]", "['prometheus_client']"]


def test_the_test_run_has_no_handler_of_ours() -> None:
    assert logging.getLogger("conference").handlers == []
