"""Sending over a provider's HTTP interface, through anymail, to a real HTTP server."""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from registration.domain.outbox.results import record_sent
from registration.models import Message
from tests.outbox.conftest import Owe
from tests.sending import send_what_is_due

pytestmark = pytest.mark.django_db(transaction=True)


class Provider(ThreadingHTTPServer):
    """Answers as Postmark does: `answers` one after the other, then with an acceptance and a number."""

    answers: deque[tuple[int, str | dict[str, object]]]
    asked: int = 0


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        to = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["To"]
        self.server.asked += 1
        number = f"number-{self.server.asked}"
        status, body = self.server.answers.popleft() if self.server.answers else (200, {})
        accepted = {"To": to, "ErrorCode": 0, "Message": "OK", "MessageID": number}
        content = body if isinstance(body, str) else json.dumps({**accepted, **body})
        self.send_response(status)
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *_: object) -> None:
        """The test's output is for the test."""


@pytest.fixture
def provider(settings: object) -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), _Handler)
    server.answers = deque()
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"  # type: ignore[attr-defined]
    settings.ANYMAIL = {  # type: ignore[attr-defined]
        "POSTMARK_SERVER_TOKEN": "a-token",
        "POSTMARK_API_URL": f"http://127.0.0.1:{server.server_address[1]}/",
        "REQUESTS_TIMEOUT": 1,
    }
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _states() -> list[tuple[str, int, str, str]]:
    fields = ("status", "attempts", "last_error", "provider_id")
    return list(Message.objects.order_by("due_at", "created_at").values_list(*fields))


def test_the_providers_number_is_kept_with_the_message(owe: Owe, provider: Provider) -> None:
    owe(Message.Kind.LINK), owe(Message.Kind.CONFIRMED)

    send_what_is_due()

    assert _states() == [("sent", 1, "", "number-1"), ("sent", 1, "", "number-2")]


def test_a_number_longer_than_its_column_is_no_reason_to_send_again(owe: Owe, provider: Provider) -> None:
    owe(Message.Kind.LINK)
    long = "n" * 300
    provider.answers.append((200, {"MessageID": long}))

    send_what_is_due()

    assert _states() == [("sent", 1, "", long[:200])]


def test_a_plain_mail_server_has_no_number(owe: Owe) -> None:
    message = owe(Message.Kind.LINK)
    Message.objects.update(status="sending", claim=message.pk, claimed_at=timezone.now())
    message.refresh_from_db()

    assert record_sent(message=message) is True
    assert _states() == [("sent", 0, "", "")]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ((400, "bad subject"), ("failed", 1, "400 bad subject", "")),
        ((413, "too large"), ("failed", 1, "413 too large", "")),
        ((500, "internal error"), ("retry", 1, "500 internal error", "")),
        ((408, ""), ("retry", 1, "408", "")),
        ((200, "no JSON"), ("retry", 1, "The connection to the mail server was lost.", "")),
    ],
)
def test_an_answer_about_one_message_concerns_that_one_only(
    owe: Owe, provider: Provider, answer: tuple[int, str], expected: tuple[str, int, str, str]
) -> None:
    owe(Message.Kind.LINK), owe(Message.Kind.LINK)
    provider.answers.append(answer)

    send_what_is_due()

    assert sorted(_states()) == sorted([expected, ("sent", 1, "", "number-2")])


def test_a_recipient_the_provider_refuses_fails(owe: Owe, provider: Provider) -> None:
    message = owe(Message.Kind.LINK)
    words = f"Found inactive addresses: {message.recipient}. Inactive recipients are ones that"
    provider.answers.append((422, {"ErrorCode": 406, "Message": words}))

    send_what_is_due()

    assert _states() == [("failed", 1, "The mail provider refuses this address.", "")]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((401, "bad token"), "The mail server does not let us send."),
        ((403, "domain not verified"), "The mail server does not let us send."),
        ((429, "slow down"), "429 slow down"),
        ((503, "see https://status.example/now"), "503 see …"),
    ],
)
def test_a_provider_that_refuses_everything_ends_the_batch_and_costs_the_others_nothing(
    owe: Owe, provider: Provider, answer: tuple[int, str], reason: str
) -> None:
    owe(Message.Kind.LINK), owe(Message.Kind.LINK)
    provider.answers.append(answer)

    assert send_what_is_due() is False

    assert sorted(_states()) == [("queued", 0, "", ""), ("retry", 1, reason, "")]
    assert provider.asked == 1


def test_a_provider_that_cannot_be_reached_is_no_messages_fault(
    owe: Owe, provider: Provider, settings: object
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.ANYMAIL["POSTMARK_API_URL"] = f"http://127.0.0.1:{port}/"  # type: ignore[attr-defined]
    owe(Message.Kind.LINK), owe(Message.Kind.LINK)

    assert send_what_is_due() is False

    assert sorted(_states()) == [
        ("queued", 0, "", ""),
        ("retry", 1, "The mail server cannot be reached.", ""),
    ]


def test_a_provider_that_is_silent_is_left_after_the_timeout(
    owe: Owe, provider: Provider, settings: object
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.ANYMAIL["POSTMARK_API_URL"] = f"http://127.0.0.1:{port}/"  # type: ignore[attr-defined]
        owe(Message.Kind.LINK)
        send_what_is_due()

    assert _states() == [("retry", 1, "The mail server did not answer in time.", "")]
