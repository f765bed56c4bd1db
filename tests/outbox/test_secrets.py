"""Canaries: what a mail must say, and its row, its log and its copy in the database must not."""

from __future__ import annotations

import logging

import pytest
from django.db import connection

from registration.domain.outbox import deliver
from registration.domain.tokens import token_of
from registration.mails.render import render
from registration.models import Message
from tests.outbox.conftest import Owe
from tests.outbox.smtp import MailServer

pytestmark = pytest.mark.django_db(transaction=True)
CANARIES = ("canary-room", "canary-passcode", "listener-passcode", "channel 2")


def _dump() -> str:
    with connection.cursor() as cursor:
        tables = [
            name for name in connection.introspection.table_names(cursor) if name.startswith("registration_")
        ]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (names from the database itself)
            rows.append(repr(cursor.fetchall()))
    return "".join(rows)


def test_neither_the_database_nor_the_log_keeps_what_the_mails_said(
    owe: Owe, mail_server: MailServer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    to_others = {
        Message.Kind.BARRIER_REPORT,
        Message.Kind.BARRIER_ANSWER,
        Message.Kind.DOCUMENT,
        Message.Kind.DIGEST,
        Message.Kind.TEAM,
    }
    # The event was in 2020: nobody is reminded of it any more.
    too_late = {Message.Kind.REMINDER, Message.Kind.DAY_BEFORE, Message.Kind.HOUR_BEFORE}
    kinds = [kind for kind in Message.Kind if kind not in to_others | too_late]
    owed = [owe(kind, "") for kind in kinds]
    mail_server.answers.extend(["554 spam: https://kudo.example/canary-room", "451 later"])

    with caplog.at_level(logging.DEBUG):
        deliver.drain(render=lambda message: render(message=message), seconds=60)

    sent = "".join(mail.get_body(("plain",)).get_content() for mail in mail_server.mails)  # type: ignore[union-attr]
    tokens = [token_of(link=message.link) for message in owed if message.link]
    # The test's own mail server logs all it reads.
    log = "".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
    kept = _dump() + log + "".join(capsys.readouterr())
    assert len(mail_server.mails) == len(kinds) - 2
    assert [canary for canary in CANARIES[:1] if canary not in sent] == []
    assert [secret for secret in (*CANARIES, *tokens) if secret in kept] == []
    assert [message.recipient for message in owed if message.recipient in log] == []
