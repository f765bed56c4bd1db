"""What goes wrong is reported without the secrets that were at hand when it did."""

from __future__ import annotations

import gzip
import http.server
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import brotli
import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter, get_exception_reporter_class

from conference.data_dir import ROOT
from registration.domain.tokens import token_of
from registration.domain.unsubscribe import unsubscribe_token
from registration.models import AccessDetails
from tests.canary import WATCH
from tests.conference.production import ENVIRONMENT
from tests.registration_pages.helpers import Visitor

SECRET = "canary-passcode"
TOKEN = "T0kenT0kenT0kenT0kenT0kenT0kenT0kenT0kenT0k"
PATH = f"/de/invitation/{TOKEN}/"
# Backwards: a report shows the lines of code around the error, and this is one of them.
PERSON = "gro.elpmaxe@enoemos"[::-1]


def break_with(secret: str, request: HttpRequest) -> None:
    details = {"passcode": secret, "request": request}
    raise ValueError(f"rendering of {len(details)} failed for {PERSON} at {request.path}")


def report_of(request: HttpRequest) -> tuple[str, str]:
    """The reports Django would mail: as text and as a page."""
    try:
        break_with(SECRET, request)
    except ValueError:
        reporter: ExceptionReporter = get_exception_reporter_class(request)(request, *sys.exc_info())
    return reporter.get_traceback_text(), reporter.get_traceback_html()


def test_a_report_holds_neither_variables_nor_the_request() -> None:
    request = RequestFactory().post(PATH, {"email": PERSON, "passcode": SECRET})
    request.COOKIES["sessionid"] = "s3ss10n"

    reports = report_of(request)

    for report in reports:
        found = [word for word in (SECRET, TOKEN, "someone", "s3ss10n", "only-for-tests") if word in report]
        assert found == []
        assert "ValueError" in report
        assert "break_with" in report


def test_the_page_of_an_error_says_nothing_about_it(
    participant: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Rendering fails in the middle of a page that has decrypted somebody's access details."""

    def explode(self: AccessDetails) -> str:
        raise RuntimeError(f"no website in {self.url}")

    monkeypatch.setattr(AccessDetails, "website", property(explode))
    participant.client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        answer = participant.get("my/")

    assert WATCH.take() != []  # the test's own logging is not the production's: see the next ones
    assert answer.status_code == 500
    page = answer.content.decode()
    assert [word for word in ("canary", "RuntimeError", "Traceback", "access.py") if word in page] == []


RENDER = (
    f"""
PATH = "{PATH}"
"""
    + """
import django
django.setup()
from django.http import HttpResponse
from django.test import Client
from registration.views import my

def broken(request, **kwargs):
    passcode = "canary-passcode"
    raise RuntimeError("cannot render for someone@example.org")

import conference.urls
from django.urls import path
conference.urls.urlpatterns.insert(0, path("<lang>/invitation/<path:token>/", broken))
client = Client(raise_request_exception=False, headers={"host": "conference.example"})
client.cookies["__Host-sessionid"] = "s3ss10n"
answer = client.post(PATH, {"email": "someone@example.org", "passcode": "canary-passcode"}, secure=True,
                     headers={"x-forwarded-for": "198.51.100.77"})
print(answer.status_code)
import logging
logging.getLogger("library").error("failed for %s at %s", "someone@example.org", PATH)
import sentry_sdk
sentry_sdk.flush(5)
"""
)
SECRETS = [SECRET, TOKEN, "someone", "s3ss10n", "198.51.100.77", "only-for-tests"]


@pytest.fixture
def tracker() -> Iterator[tuple[str, list[bytes]]]:
    """Takes what Sentry's client sends."""
    received: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
            received.append(unpack.get(self.headers.get("Content-Encoding", ""), bytes)(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", received
    server.shutdown()
    server.server_close()


def test_neither_the_log_nor_the_error_tracker_learns_a_secret(tracker: tuple[str, list[bytes]]) -> None:
    dsn, received = tracker
    environment = {**ENVIRONMENT, "SENTRY_DSN": dsn, "NO_PROXY": "127.0.0.1"}

    result = subprocess.run(
        [sys.executable, "-c", RENDER], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert result.stdout == "500\n", result.stderr
    events = [json.loads(line) for body in received for line in body.splitlines() if b'"event_id"' in line]
    failures = [e["exception"]["values"][0] for e in events if "exception" in e]
    assert [(failure["type"], failure["value"]) for failure in failures] == [
        ("RuntimeError", "cannot render for <address>")
    ]
    assert "broken" in str(failures[0]["stacktrace"])
    logged = [json.loads(line) for line in result.stderr.splitlines()]
    asked = next(line["request_id"] for line in logged if line["event"] == "request")
    assert [event["tags"] for event in events if "exception" in event] == [{"request_id": asked}]
    sent = b"".join(received).decode()
    assert [word for word in SECRETS if word in sent] == []
    assert "RuntimeError" in result.stderr
    assert [word for word in SECRETS if word in result.stderr] == []


GUNICORN = """
import json
from conference import gunicorn as g
print(json.dumps([g.accesslog, g.logconfig_dict["loggers"]["gunicorn.access"]["level"], g.forwarded_allow_ips]))
"""


def test_the_web_server_writes_no_line_for_each_request_and_believes_no_header() -> None:
    """In a process of its own: reading these settings sets the logs up."""
    result = subprocess.run(
        [sys.executable, "-c", GUNICORN], env=ENVIRONMENT, cwd=ROOT, capture_output=True, check=True
    )

    assert json.loads(result.stdout) == [None, "CRITICAL", ""]


def test_using_the_tokens_leaves_none_in_any_log(
    participant: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    link = participant.link
    tokens = [token_of(link=link), unsubscribe_token(link=link)]
    seen: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(f"{record.name}: {record.getMessage()}")

    from conference.logs import DropRequestPath

    listener = Listener(logging.DEBUG)
    listener.addFilter(DropRequestPath())
    logging.getLogger().addHandler(listener)
    try:
        client = Client(raise_request_exception=False)
        for token in tokens:
            for purpose in ("invitation", "unsubscribe"):
                client.get(f"/de/{purpose}/{token}/")
                client.get(f"/de/{purpose}/{token}/x")
                client.post(f"/de/{purpose}/{token}/")
    finally:
        logging.getLogger().removeHandler(listener)

    assert [line for line in seen if any(token in line for token in tokens)] == []
    assert len(seen) > 0
