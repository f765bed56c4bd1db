"""Browsers open connections ahead, and say nothing on them: nobody else waits for that."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite
ROOT = Path(__file__).resolve().parent.parent.parent
# gunicorn's own worker would give each of them five seconds of its only thread.
SILENT = 20


def test_connections_that_say_nothing_hold_no_thread() -> None:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    options = [
        "--workers=1",
        "--threads=1",
        f"--bind=127.0.0.1:{port}",
        "--keep-alive=300",
        "--no-control-socket",
    ]
    kind = "--worker-class=conference.web_worker.GracefulWorker"
    command = [sys.executable, "-m", "gunicorn", kind, *options, "tests.footprint.plain:application"]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        assert ask(port, server) == b"ok"
        silent = [socket.create_connection(("127.0.0.1", port)) for _each in range(SILENT)]
        assert ask(port, server) == b"ok"
        for connection in silent:
            connection.close()
    finally:
        server.terminate()
        server.wait()


def ask(port: int, server: subprocess.Popen[bytes]) -> bytes:
    while server.poll() is None:
        talk = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            talk.request("GET", "/", headers={"Connection": "close"})
            return talk.getresponse().read()
        except ConnectionRefusedError:
            time.sleep(0.05)
        finally:
            talk.close()
    raise AssertionError("the server has ended")
