"""What stands before a text goes to the server in one group where it offers that (RFC 2920), and else step by step."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

import pytest
from django.db import InterfaceError, OperationalError, connection

from registration.domain.outbox import patience
from registration.domain.outbox.retry import LOST, SLOW, UNSENDABLE, Failure, Fault, failure_of_sending
from registration.domain.outbox.smtp import PausingBackend
from registration.domain.outbox.sweep import sweep
from registration.mails.folded import FoldedMail
from registration.models import Message
from tests.faults.fate import end_leases, end_waits
from tests.faults.test_database import administration
from tests.outbox.conftest import Owe, copies_of
from tests.outbox.smtp import MailServer
from tests.sending import send_what_is_due

both = pytest.mark.parametrize("offers", [True, False], ids=["in a group", "step by step"])
TEXT = "first\n.\n..two\nlast"
_GOOD = {"mail": b"250 OK", "rcpt": b"250 OK", "data": b"354 go on", ".": b"250 taken", "quit": b"221 bye"}
_SILENCE, _HANG_UP = b"silence", b"hang up"


@dataclass
class Server:
    """Answers as told, and writes down what it was given. `listens_first`: until DATA it answers nothing at all."""

    offers: bool
    replies: Mapping[str, bytes]
    listens_first: bool = False
    heard: list[bytes] = field(default_factory=list)
    port: int = 0

    @contextlib.contextmanager
    def running(self) -> Iterator[Server]:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            thread = threading.Thread(target=self._serve, args=[listener], daemon=True)
            thread.start()
            yield self
            thread.join()

    def _serve(self, listener: socket.socket) -> None:
        client, _address = listener.accept()
        with client, client.makefile("rwb", buffering=0) as talk:
            talk.write(b"220 ready\r\n")
            with contextlib.suppress(OSError):
                self._converse(client, talk)

    def _converse(self, client: socket.socket, talk: BinaryIO) -> None:
        kept = b""
        while line := talk.readline():
            verb = line[:4].strip().lower().decode()
            if verb == "ehlo":
                talk.write(b"250-here\r\n250-SIZE 1000000\r\n")
                talk.write(b"250-PIPELINING\r\n250 HELP\r\n" if self.offers else b"250 HELP\r\n")
                continue
            self.heard.append(line)
            reply = self.replies.get(verb, b"503 what?")
            if reply == _HANG_UP:
                return
            if reply == _SILENCE:
                self._read_on(talk)
                return
            kept += reply + b"\r\n"
            if not self.listens_first or verb not in {"mail", "rcpt"}:
                talk.write(kept)
                kept = b""
            if reply.startswith(b"354"):
                self.heard.append(_text(talk))
                reply = self.replies["."]
                if reply == _HANG_UP:
                    return
                if reply == _SILENCE:
                    self._read_on(talk)
                    return
                talk.write(reply + b"\r\n")

    def _read_on(self, talk: BinaryIO) -> None:
        """Until the client has had enough."""
        while talk.readline():
            pass


def _text(talk: BinaryIO) -> bytes:
    lines = []
    while (line := talk.readline()) and line != b".\r\n":
        lines.append(line)
    return b"".join(lines)


def _mail(to: str = "b@example.org") -> FoldedMail:
    mail = FoldedMail("A", TEXT, "a@example.org", [to], headers={"Message-ID": "<1@x>"})
    mail.attach_alternative("<p>A</p>", "text/html")
    return mail


def _send(server: Server, mail: FoldedMail) -> Exception | None:
    is_silent = _SILENCE in server.replies.values()
    backend = PausingBackend(host="127.0.0.1", port=server.port, timeout=30)
    backend.open()
    assert backend.connection is not None
    assert backend.connection.sock is not None
    if is_silent:
        # Not before: however busy the machine is, the connection is there.
        backend.connection.sock.settimeout(0.5)
    try:
        backend.send_messages([mail])
    except Exception as error:
        return error
    finally:
        backend.connection.close()
    return None


def _failure(offers: bool, **replies: bytes) -> tuple[Failure | None, list[bytes]]:
    known = {**_GOOD, **{verb.replace("end", "."): reply for verb, reply in replies.items()}}
    with Server(offers, known).running() as server:
        error = _send(server, _mail())
    return failure_of_sending(error) if error else None, server.heard


def test_a_server_that_offers_it_gets_three_commands_before_it_has_answered_one() -> None:
    with Server(offers=True, replies=_GOOD, listens_first=True).running() as server:
        assert _send(server, _mail()) is None

    assert [line.split()[0] for line in server.heard[:3]] == [b"mail", b"rcpt", b"data"]


def test_both_ways_say_the_same_to_the_server() -> None:
    heard = []
    mail = _mail()
    wire = mail.wire()
    mail.wire = lambda: wire  # type: ignore[method-assign]  # the boundary and the date are the same this way
    for offers in (True, False):
        with Server(offers, _GOOD).running() as server:
            assert _send(server, mail) is None
        heard.append(server.heard)

    assert heard[0] == heard[1]
    assert heard[0][:3] == [
        b"mail FROM:<a@example.org> size=%d\r\n" % len(wire[2]),
        b"rcpt TO:<b@example.org>\r\n",
        b"data\r\n",
    ]
    assert heard[0][3].replace(b"\n..", b"\n.") == wire[2]
    assert b"\r\n..\r\n...two\r\n" in heard[0][3]


@both
@pytest.mark.parametrize(
    ("verb", "reply", "fault"),
    [
        ("mail", b"550 not you", Fault.MOMENT),
        ("mail", b"451 later", Fault.MOMENT),
        ("mail", b"421 closing", Fault.MOMENT),
        ("rcpt", b"550 nobody", Fault.RECIPIENT),
        ("rcpt", b"451 greylisted", Fault.MOMENT),
        ("rcpt", b"421 closing", Fault.MOMENT),
        ("data", b"554 no", Fault.RECIPIENT),
        ("data", b"451 later", Fault.MOMENT),
        ("end", b"554 spam", Fault.RECIPIENT),
        ("end", b"452 full", Fault.MOMENT),
    ],
)
def test_a_refusal_is_told_in_the_servers_words_wherever_it_comes(
    offers: bool, verb: str, reply: bytes, fault: Fault
) -> None:
    # As servers do: who was refused the sender or the recipient is refused the text.
    follows = {
        "mail": {"rcpt": b"503 no sender", "data": b"503 no sender"},
        "rcpt": {"data": b"554 nobody left"},
    }
    replies = {**follows.get(verb, {}), verb: reply}

    failure, heard = _failure(offers, **replies)

    assert failure == Failure(fault, reply.decode())
    assert not any(TEXT[:5].encode() in line for line in heard) or verb == "end"


@pytest.mark.parametrize("refused", ["mail", "rcpt"])
def test_who_is_asked_for_the_text_though_the_mail_was_refused_sends_none(refused: str) -> None:
    """RFC 2920, section 3.1: some servers say 354 all the same."""
    failure, heard = _failure(True, **{refused: b"550 no", "end": b"554 nobody to send it to"})

    assert failure is not None
    assert failure.reason == "550 no"
    assert heard[2:] == [b"data\r\n", b""]


@both
@pytest.mark.parametrize("verb", ["mail", "rcpt", "data", "end"])
@pytest.mark.parametrize(("reply", "reason"), [(_HANG_UP, LOST), (_SILENCE, SLOW)])
def test_a_server_that_goes_away_or_falls_silent_may_get_it_later(
    offers: bool, verb: str, reply: bytes, reason: str
) -> None:
    failure, _heard = _failure(offers, **{verb: reply})

    assert failure == Failure(Fault.MOMENT, reason)


@both
def test_an_address_never_becomes_a_command(offers: bool) -> None:
    with Server(offers, _GOOD).running() as server:
        mail = _mail()
        mail.wire = lambda: ("a@example.org", ["<@\r\nDATA x"], b"text")  # type: ignore[method-assign]
        error = _send(server, mail)

    assert isinstance(error, ValueError)
    assert not any(line.lower().startswith((b"rcpt", b"data")) for line in server.heard)


def test_an_address_that_cannot_be_written_is_the_recipients_matter() -> None:
    with Server(offers=True, replies=_GOOD).running() as server:
        mail = _mail()
        mail.wire = lambda: ("a@example.org", ["ä@example.org"], b"text")  # type: ignore[method-assign]
        error = _send(server, mail)

    assert error is not None
    assert failure_of_sending(error) == Failure(Fault.RECIPIENT, UNSENDABLE)


def _pile(owe: Owe, count: int) -> list[Message]:
    """The one due longest comes first."""
    copies = copies_of(owe(Message.Kind.LINK), count)
    Message.objects.all().delete()
    Message.objects.bulk_create(copies)
    return list(reversed(copies))


def _states() -> list[tuple[str, int]]:
    return list(Message.objects.order_by("due_at").values_list("status", "attempts"))


@both
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("at", "fate"), [("RCPT", "failed"), ("DATA", "failed"), ("DATA", "retry")])
def test_one_in_the_middle_fails_and_the_others_arrive_once(
    owe: Owe, mail_server: MailServer, offers: bool, at: str, fate: str
) -> None:
    mail_server.offers_pipelining = offers
    pile = _pile(owe, 9)
    if at == "RCPT":
        mail_server.on_rcpt = _refuse_the_fifth(mail_server)
    else:
        mail_server.answers.extend([*["250 OK"] * 4, "hang up" if fate == "retry" else "550 no"])

    send_what_is_due()

    assert mail_server.ids == [one.message_id for one in pile if one is not pile[4]]
    found = {one.pk: (one.status, one.attempts) for one in Message.objects.all()}
    assert [found[one.pk] for one in pile] == [*[("sent", 1)] * 4, (fate, 1), *[("sent", 1)] * 4]


def _refuse_the_fifth(server: MailServer) -> Callable[[str], None]:
    seen = []

    def on_rcpt(address: str) -> None:
        seen.append(address)
        if len(seen) == 5:
            server.rcpt_answers.append("550 no")

    return on_rcpt


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_text_is_broken_off_where_the_row_of_the_mail_before_cannot_be_written(
    owe: Owe, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So there is still one mail at most of which nobody knows: the second is not accepted."""
    monkeypatch.setattr(patience, "RECORD_SECONDS", 0.5)
    first, second, third = _pile(owe, 3)
    accept = mail_server.accept

    def accept_and_take_the_database_away(mail: object) -> None:
        accept(mail)  # type: ignore[arg-type]
        if len(mail_server.mails) == 1:
            _set_connections(allowed=False)

    mail_server.accept = accept_and_take_the_database_away  # type: ignore[method-assign]
    try:
        with contextlib.suppress(OperationalError, InterfaceError):
            send_what_is_due()
    finally:
        _set_connections(allowed=True)
        connection.close()

    assert mail_server.ids == [first.message_id]
    assert _states()[:2] == [("sending", 1), ("sending", 1)]

    end_leases()
    sweep()
    end_waits()
    send_what_is_due()

    assert Counter(mail_server.ids) == {first.message_id: 2, second.message_id: 1, third.message_id: 1}


def _set_connections(*, allowed: bool) -> None:
    name = str(connection.settings_dict["NAME"])
    with administration() as cursor:
        cursor.execute(
            f"ALTER DATABASE {connection.ops.quote_name(name)} ALLOW_CONNECTIONS {str(allowed).lower()}"
        )
        if not allowed:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
