"""The SMTP sink takes what a mail client sends it, and counts it."""

from __future__ import annotations

import smtplib
from pathlib import Path

import pytest

from scripts.bench.services import sink

pytestmark = pytest.mark.sqlite
MAIL = b"Subject: a\r\n\r\nfirst\r\n.\r\nlast\r\n"


def test_messages_and_their_bytes_are_counted(tmp_path: Path) -> None:
    with sink(tmp_path) as server, smtplib.SMTP("127.0.0.1", server.port) as client:
        client.sendmail("a@example.org", ["b@example.org"], MAIL)
        client.sendmail("a@example.org", ["b@example.org", "c@example.org"], b"x" * 300_000)
        client.noop()
        # Of the first one a line of one dot is sent as two; the end of the last line is the client's.
        assert (server.messages(), server.bytes()) == (2, len(MAIL) - 2 + 1 + 300_000)


def test_a_command_nobody_knows_is_refused(tmp_path: Path) -> None:
    with sink(tmp_path) as server, smtplib.SMTP("127.0.0.1", server.port) as client:
        assert client.docmd("AUTH")[0] == 502
        assert client.noop()[0] == 250
