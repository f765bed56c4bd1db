"""SIGTERM and SIGHUP to a real web server that is asked without pause: nobody loses an answer."""

from __future__ import annotations

import http.client
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operating.clients import ask, reading
from tests.servers import WebServer, wait_until, web_server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture
def answered(tmp_path: Path) -> Path:
    return tmp_path / "answered"


@pytest.fixture
def server(tmp_path: Path, answered: Path) -> Iterator[WebServer]:
    urls = {"ROOT_URLCONF": "tests.operating.slow_urls", "ANSWERED": str(answered)}
    with web_server(tmp_path, redis_url="redis://127.0.0.1:1/0", processes=2, **urls) as server:
        yield server


def test_told_to_end_it_answers_what_has_come_and_the_others_are_refused(
    server: WebServer, answered: Path
) -> None:
    with reading(server.port, answered) as readers:
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(timeout=60)
        wait_until(lambda: readers.counted["refused"] > 20, what="the closed door")

    whole = [number for number, fate in readers.fates.items() if fate == "whole"]
    assert code == 0
    assert sorted(readers.served) == sorted(whole)
    # The kernel may take a connection in the very moment in which the door is closed: it was never read.
    assert {fate for fate in readers.counted if fate.startswith("odd")} == set()
    assert "IncompleteRead" not in str(readers.counted)


def test_the_door_is_closed_before_the_last_answer_is_given(server: WebServer, answered: Path) -> None:
    """A reader who came later asks another server at once, and is not kept waiting for nobody."""
    fates: list[str] = []
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    busy = threading.Thread(target=lambda: fates.append(ask(connection, "wait")))
    busy.start()
    wait_until(lambda: Path(f"{answered}.begun").exists(), what="the request to begin")

    server.process.send_signal(signal.SIGTERM)
    wait_until(lambda: is_closed(server.port), what="the closed door")
    still_busy = (list(fates), answered.exists())
    Path(f"{answered}.go").touch()
    busy.join()
    connection.close()

    assert still_busy == ([], False)
    assert fates == ["whole"]
    assert server.process.wait(timeout=60) == 0


def test_a_new_start_of_its_processes_loses_no_request_and_refuses_none(
    server: WebServer, answered: Path
) -> None:
    before = set(server.processes)
    with reading(server.port, answered) as readers:
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(server.processes) == 2 and not before & set(server.processes), what="new ones")
        so_far = readers.counted["whole"]
        wait_until(lambda: readers.counted["whole"] > so_far + 10, what="answers of the new ones")

    assert set(readers.counted) == {"whole"}
    assert sorted(readers.served) == sorted(readers.fates)


def is_closed(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
