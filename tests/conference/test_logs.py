from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from conference.data_dir import ROOT
from conference.logs import redact
from tests.conference.production import ENVIRONMENT


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


def test_the_test_run_has_no_handler_of_ours() -> None:
    assert logging.getLogger("conference").handlers == []
