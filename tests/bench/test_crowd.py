"""The crowd of the rush: what it sends, what it counts as an error, and what it remembers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from scripts.bench.crowd import Way, come

PAGE = b'<input name="csrfmiddlewaretoken" value="secret"><input name="state" value="1.2">'


class _Server(ThreadingHTTPServer):
    """Answers as the product does, but refuses the second token; keeps what was sent to it."""

    forms: list[dict[str, list[str]]]
    cookies: set[str]


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self.server.cookies.add(self.headers["Cookie"])
        if "refused" in self.path:
            self._answer(404, b"")
        elif "invitation" in self.path:
            self._answer(303, b"", "/de/register/")
        else:
            self._answer(200, PAGE)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.forms.append(parse_qs(body.decode()))
        self._answer(303, b"", "/de/my/")

    def _answer(self, status: int, body: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
            self.send_header("Set-Cookie", "session=mine; HttpOnly")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Answers) as server:
        server.forms, server.cookies = [], set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_each_goes_the_whole_way_with_what_the_form_held(server: _Server) -> None:
    way = come(server.server_port, ["one", "refused", "three"], {"first_name": "Çiğdem"}, seconds=0.1)

    assert way.errors == {"link: 404": 1}
    assert {step: len(found) for step, found in way.seconds.items()} == {
        "link": 3,
        "form": 2,
        "sent": 2,
        "own page": 2,
    }
    form = {"first_name": ["Çiğdem"], "csrfmiddlewaretoken": ["secret"], "state": ["1.2"]}
    assert (server.forms, server.cookies) == ([form, form], {"", "session=mine"})


def test_a_server_that_is_away_is_an_error_for_everybody(server: _Server) -> None:
    port = server.server_port
    server.shutdown()
    server.server_close()

    way = come(port, ["one", "two"], {}, seconds=0.1)

    assert (way.errors, way.percentile(99)) == ({"ConnectionRefusedError": 2}, float("inf"))


def test_percentiles_are_of_all_steps_together() -> None:
    way = Way({"link": [0.1] * 50, "form": [0.2] * 48 + [3.0, 4.0]})

    assert [way.percentile(each) for each in (0, 50, 98, 99, 100)] == [0.1, 0.2, 3.0, 4.0, 4.0]
