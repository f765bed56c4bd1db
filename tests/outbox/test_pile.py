"""Many messages over kept connections."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.mail import EmailMessage

from registration.domain.outbox import deliver
from registration.mails.render import render
from registration.models import Message
from tests.outbox.conftest import Owe, copies_of
from tests.outbox.smtp import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_hundreds_of_messages_leave_over_one_connection(owe: Owe, mail_server: MailServer) -> None:
    """Ready-made texts: how fast they are written is not the question here."""
    template = owe(Message.Kind.LINK)
    owed = copies_of(template, 300)
    Message.objects.all().delete()
    Message.objects.bulk_create(owed)
    text = render(message=template)

    def ready_made(message: Message) -> EmailMessage:
        text.extra_headers["Message-ID"] = message.message_id
        return text

    assert deliver.drain(render=ready_made, seconds=60) is False

    assert sorted(mail_server.ids) == sorted(message.message_id for message in owed)
    assert mail_server.connections == 1
    assert set(Message.objects.values_list("status", "attempts")) == {("sent", 1)}


def _slow_with_one(mail_server: MailServer) -> None:
    """It takes longer for one mail than a process is to be alone with a pile."""
    reached = mail_server.hold("accepted")

    def release() -> None:
        reached.wait()
        time.sleep(0.3)
        reached.release()

    threading.Thread(target=release).start()


@pytest.mark.parametrize(("count", "calls"), [(1, 0), (8, 1), (40, 1)])
def test_where_a_pile_is_due_another_process_is_called_once(
    owe: Owe, mail_server: MailServer, count: int, calls: int
) -> None:
    template = owe(Message.Kind.LINK)
    Message.objects.bulk_create(copies_of(template, count - 1))
    _slow_with_one(mail_server)
    called: list[str] = []

    deliver.drain(
        render=lambda message: render(message=message), seconds=60, on_pile=lambda: called.append("another")
    )

    assert len(called) == calls
    assert set(Message.objects.values_list("status", flat=True)) == {"sent"}
