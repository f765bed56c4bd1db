from __future__ import annotations

import datetime as dt
import logging
import socket
import threading

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from registration.domain.outbox import deliver
from registration.domain.outbox.mailer import Mailer
from registration.domain.outbox.sweep import sweep
from registration.mails.render import render
from registration.models import Message, PersonalLink, Registration
from tests.outbox.conftest import Owe
from tests.outbox.smtp import STALL_SECONDS, MailServer
from tests.sending import send_what_is_due
from tests.waited import waiting

pytestmark = pytest.mark.django_db(transaction=True)


def _make_due() -> None:
    Message.objects.filter(status="retry").update(due_at=timezone.now())


def _state(message: Message) -> tuple[str, int, str]:
    message.refresh_from_db()
    return message.status, message.attempts, message.last_error


def test_what_is_due_is_sent_over_one_connection(owe: Owe, mail_server: MailServer) -> None:
    owed = [owe(Message.Kind.LINK) for _ in range(5)]

    assert send_what_is_due() is False

    assert sorted(mail_server.ids) == sorted(message.message_id for message in owed)
    assert mail_server.connections == 1
    assert {_state(message) for message in owed} == {("sent", 1, "")}


def test_a_sent_row_has_a_time_and_no_claim(owe: Owe, mail_server: MailServer) -> None:
    message = owe(Message.Kind.LINK)

    send_what_is_due()

    message.refresh_from_db()
    assert message.sent_at is not None
    assert (message.claim, message.claimed_at) == (None, None)


def test_nothing_due_opens_no_connection(mail_server: MailServer) -> None:
    send_what_is_due()

    assert mail_server.connections == 0


@pytest.mark.parametrize("answer", ["451 try later", "452 full", "421 closing"])
def test_a_temporary_refusal_is_retried_with_the_same_message_id(
    owe: Owe, mail_server: MailServer, answer: str
) -> None:
    message = owe(Message.Kind.LINK)
    mail_server.answers.append(answer)
    before = timezone.now()

    send_what_is_due()
    assert _state(message) == ("retry", 1, answer)
    first, last = before + dt.timedelta(seconds=30), timezone.now() + dt.timedelta(seconds=36)
    assert first <= message.due_at <= last
    _make_due()
    send_what_is_due()

    assert _state(message) == ("sent", 2, "")
    assert mail_server.ids == [message.message_id]


def test_one_refused_recipient_among_many_fails_alone(owe: Owe, mail_server: MailServer) -> None:
    owed = [owe(Message.Kind.LINK) for _ in range(4)]
    mail_server.rcpt_answers.append("550 5.1.1 no such user")

    send_what_is_due()

    assert sorted(_state(message)[0] for message in owed) == ["failed", "sent", "sent", "sent"]
    assert Message.objects.get(status="failed").last_error == "550 5.1.1 no such user"
    assert len(mail_server.mails) == 3


def test_a_permanent_refusal_of_an_invitation_marks_it_as_failed(owe: Owe, mail_server: MailServer) -> None:
    message = owe(Message.Kind.INVITATION)
    mail_server.answers.append("550 blocked")

    send_what_is_due()

    assert _state(message) == ("failed", 1, "550 blocked")
    assert message.invitation is not None
    message.invitation.refresh_from_db()
    assert message.invitation.status == "failed"


def test_a_sent_invitation_is_marked_as_sent(owe: Owe, mail_server: MailServer) -> None:
    message = owe(Message.Kind.INVITATION)

    send_what_is_due()

    assert message.invitation is not None
    message.invitation.refresh_from_db()
    assert message.invitation.status == "sent"


def test_a_stall_costs_its_timeout_and_the_next_message_goes_out(owe: Owe, mail_server: MailServer) -> None:
    first, second = owe(Message.Kind.LINK), owe(Message.Kind.LINK)
    mail_server.answers.append("stall")

    with waiting() as waited:
        send_what_is_due()

    assert waited.seconds < STALL_SECONDS / 2
    assert _state(first) == ("retry", 1, "The mail server did not answer in time.")
    assert _state(second) == ("sent", 1, "")


def test_a_connection_lost_before_the_answer_is_retried(owe: Owe, mail_server: MailServer) -> None:
    message = owe(Message.Kind.LINK)
    mail_server.answers.append("hang up")

    send_what_is_due()
    assert _state(message)[:2] == ("retry", 1)
    _make_due()
    send_what_is_due()

    assert mail_server.ids == [message.message_id]


def test_a_connection_dropped_after_acceptance_may_send_a_copy_with_the_same_message_id(
    owe: Owe, mail_server: MailServer
) -> None:
    message = owe(Message.Kind.LINK)
    mail_server.answers.append("drop")

    send_what_is_due()
    _make_due()
    send_what_is_due()

    assert _state(message)[0] == "sent"
    assert mail_server.ids == [message.message_id] * 2


def test_a_connection_the_server_closed_is_renewed_without_costing_an_attempt(
    owe: Owe, mail_server: MailServer
) -> None:
    with Mailer() as mailer:
        for _ in range(3):
            mailer.open()
            mailer.send(render(message=owe(Message.Kind.LINK)))
            mail_server.close_connections()

    assert len(mail_server.mails) == mail_server.connections == 3


def test_an_unreachable_server_costs_one_row_a_note_and_the_others_nothing(
    owe: Owe, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 1  # type: ignore[attr-defined]
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_PORT = server.getsockname()[1]  # type: ignore[attr-defined]
    first, second = owe(Message.Kind.LINK), owe(Message.Kind.LINK)

    assert send_what_is_due() is False

    assert _state(first) == ("retry", 1, "The mail server cannot be reached.")
    assert _state(second) == ("queued", 0, "")


def test_a_silent_server_is_left_after_the_timeout(owe: Owe, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 1  # type: ignore[attr-defined]
    message = owe(Message.Kind.LINK)
    with socket.create_server(("127.0.0.1", 0)) as server, waiting() as waited:
        settings.EMAIL_PORT = server.getsockname()[1]  # type: ignore[attr-defined]
        send_what_is_due()

    assert waited.seconds < 4
    assert _state(message)[0] == "retry"


def test_after_the_last_wait_a_message_is_given_up(owe: Owe, mail_server: MailServer) -> None:
    message = owe(Message.Kind.LINK)
    Message.objects.filter(pk=message.pk).update(attempts=10)
    mail_server.answers.append("451 never")

    send_what_is_due()

    assert _state(message) == ("failed", 11, "451 never")


def test_a_mail_that_cannot_be_written_is_retried_and_its_text_is_not_logged(
    owe: Owe, mail_server: MailServer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    message = owe(Message.Kind.LINK)

    def broken(_: Message) -> EmailMessage:
        raise RuntimeError("canary-passcode")

    with caplog.at_level(logging.DEBUG):
        deliver.drain(render=broken, seconds=60)

    assert _state(message) == ("retry", 1, "The mail could not be written.")
    assert "canary" not in caplog.text + "".join(capsys.readouterr())


def test_a_result_is_not_written_by_who_lost_the_claim(owe: Owe, mail_server: MailServer) -> None:
    message = owe(Message.Kind.LINK)

    def overtaken(claimed: Message) -> EmailMessage:
        Message.objects.update(claimed_at=timezone.now() - dt.timedelta(hours=1))
        assert sweep() == 1
        return render(message=claimed)

    deliver.drain(render=overtaken, seconds=60)

    assert _state(message) == ("retry", 1, "The worker ended while it was sending.")


def test_the_result_is_written_down_once_the_database_is_back(owe: Owe, mail_server: MailServer) -> None:
    """An accepted mail whose row does not say so would be sent a second time."""
    message = owe(Message.Kind.LINK)

    def lose_database(claimed: Message) -> EmailMessage:
        mail = render(message=claimed)
        connection.close()
        connection.settings_dict["NAME"], kept = "/nowhere/at/all", connection.settings_dict["NAME"]
        threading.Timer(0.8, connection.settings_dict.__setitem__, ("NAME", kept)).start()
        return mail

    deliver.drain(render=lose_database, seconds=60)

    assert _state(message) == ("sent", 1, "")
    assert mail_server.ids == [message.message_id]


def test_a_batch_ends_in_time_and_says_that_more_is_due(owe: Owe, mail_server: MailServer) -> None:
    owe(Message.Kind.LINK)

    assert deliver.drain(render=lambda message: render(message=message), seconds=0) is True
    assert mail_server.mails == []


@pytest.mark.parametrize(
    "kind", [Message.Kind.RECEIVED, Message.Kind.CONFIRMED, Message.Kind.PROMOTED, Message.Kind.ACCESS]
)
def test_a_mail_about_a_registration_that_was_cancelled_meanwhile_is_not_sent(
    owe: Owe, mail_server: MailServer, kind: str
) -> None:
    message = owe(kind)
    Registration.objects.update(status="cancelled")

    send_what_is_due()

    assert mail_server.mails == []
    assert _state(message)[:2] == ("cancelled", 1)
    assert message.last_error != ""


def test_access_details_of_another_role_than_today_s_are_not_sent(owe: Owe, mail_server: MailServer) -> None:
    message = owe(Message.Kind.ACCESS)
    message.facts = {"new": [message.facts["new"][0]]}
    message.save()
    Registration.objects.update(role="listener")

    send_what_is_due()

    assert _state(message) == ("cancelled", 1, "The registration is no longer confirmed in this role.")


@pytest.mark.parametrize("kind", [Message.Kind.INVITATION, Message.Kind.LINK])
@pytest.mark.parametrize("change", ["revoked_at", "expires_at"])
def test_a_link_that_no_longer_opens_anything_is_not_sent(
    owe: Owe, mail_server: MailServer, kind: str, change: str
) -> None:
    message = owe(kind)
    PersonalLink.objects.update(**{change: timezone.now() - dt.timedelta(seconds=1)})

    send_what_is_due()

    assert mail_server.mails == []
    assert _state(message) == ("cancelled", 1, "The personal link was withdrawn or has expired.")


def test_an_invitation_that_was_declined_meanwhile_is_not_sent(owe: Owe, mail_server: MailServer) -> None:
    message = owe(Message.Kind.INVITATION)
    assert message.invitation is not None
    type(message.invitation).objects.update(status="declined")

    send_what_is_due()

    assert mail_server.mails == []
    assert _state(message)[0] == "cancelled"
