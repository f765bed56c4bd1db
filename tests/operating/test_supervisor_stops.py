"""Ctrl-C or SIGTERM to `make run`: its web server answers to the end what has come."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conference.data_dir import ROOT
from tests.operating.clients import ask
from tests.operating.test_web_stops import is_closed
from tests.product import free_port
from tests.servers import production_environment, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
SUPERVISE = """
import os, sys
from pathlib import Path
from conference.start import services
from conference.start.supervisor import Supervisor

supervisor = Supervisor(environment=dict(os.environ), log_directory=Path(sys.argv[1]))
supervisor.listen_for_signals()
supervisor.add(services.web())
supervisor.run_until(lambda: False)
supervisor.end_all()
"""


def test_who_waits_for_an_answer_gets_it_before_everything_ends(tmp_path: Path) -> None:
    port, answered = free_port(), tmp_path / "answered"
    environment = {
        **production_environment("redis://127.0.0.1:1/0"),
        "DATA_DIR": str(tmp_path),
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "ROOT_URLCONF": "tests.operating.slow_urls",
        "ANSWERED": str(answered),
    }
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(tmp_path)], cwd=ROOT, env=environment)
    try:
        wait_until(lambda: not is_closed(port), seconds=60, what="the web server")
        fates: list[str] = []
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        reader = threading.Thread(target=lambda: fates.append(ask(connection, "wait")))
        reader.start()
        wait_until(lambda: Path(f"{answered}.begun").exists(), seconds=60, what="the request to begin")

        supervisor.send_signal(signal.SIGTERM)
        wait_until(lambda: is_closed(port), what="the closed door")
        Path(f"{answered}.go").touch()
        reader.join()
        connection.close()

        assert fates == ["whole"]
        assert supervisor.wait(timeout=60) == 0
    finally:
        supervisor.kill()
        supervisor.wait()
