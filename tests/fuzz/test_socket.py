"""Requests that only a socket can send, to the real server: it refuses them and goes on answering."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import factories
from tests.servers import HOST, Browser, WebServer, valkey, web_server
from workshops.domain.release import release_programme

FORM = "Content-Type: application/x-www-form-urlencoded"
POST = f"POST /en/link/ HTTP/1.1\r\nHost: {HOST}\r\n"
BROKEN = {
    "negative length": f"{POST}{FORM}\r\nContent-Length: -5\r\n\r\nemail=a",
    "length that is no number": f"{POST}{FORM}\r\nContent-Length: abc\r\n\r\nemail=a",
    "two lengths": f"{POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nemail=",
    "length and chunks": f"{POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "broken chunk": f"{POST}{FORM}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
    "unknown transfer encoding": f"{POST}Transfer-Encoding: gzip\r\n\r\nabc",
    "null byte in a header": f"GET /en/ HTTP/1.1\r\nHost: {HOST}\r\nX-A: a\0b\r\n\r\n",
    "header without a colon": f"GET /en/ HTTP/1.1\r\nHost: {HOST}\r\nnonsense\r\n\r\n",
    "line too long": f"GET /en/?{'a' * 20_000} HTTP/1.1\r\nHost: {HOST}\r\n\r\n",
    "too many headers": f"GET /en/ HTTP/1.1\r\nHost: {HOST}\r\n" + "X-A: b\r\n" * 300 + "\r\n",
    "no host": "GET /en/ HTTP/1.1\r\n\r\n",
    "foreign host": "GET /en/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "whole address": "GET http://evil.example/en/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "no such version": f"GET /en/ HTTP/9.9\r\nHost: {HOST}\r\n\r\n",
    "no request at all": "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "smuggled line": f"GET /en/ HTTP/1.1\r\nHost: {HOST}\r\nX-A: a\rHost: evil.example\r\n\r\n",
}


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[WebServer]:
    conference = factories.make_conference()
    factories.make_workshop(conference)
    release_programme(conference=conference)
    with valkey(tmp_path) as redis_url, web_server(tmp_path, redis_url=redis_url, processes=1) as server:
        yield server


def status_of(server: WebServer, request: str) -> int | None:
    """None where the server hangs up without a word. The line is cut, so that nothing is waited for."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(request.replace("\r\n", "\r\nX-Forwarded-Proto: https\r\n", 1).encode("latin-1"))
        line.shutdown(socket.SHUT_WR)
        answer = line.makefile("rb").readline().split()
    return int(answer[1]) if len(answer) > 1 else None


@pytest.mark.sqlite  # Refused before anything is asked.
def test_a_broken_request_is_refused_and_the_server_goes_on(server: WebServer) -> None:
    answers = {name: status_of(server, request) for name, request in BROKEN.items()}
    workers = server.processes
    assert {
        name: status for name, status in answers.items() if status is None or not 400 <= status < 500
    } == {}
    assert Browser(server).get("/en/").status == 200
    assert server.processes == workers
    assert '"status": 5' not in server.log.read_text()
