from __future__ import annotations

import re

import pytest
from django.db import connection, transaction

from registration.domain.addresses import InvalidAddress
from registration.domain.outbox.owe import owe_message
from registration.models import Message
from workshops.models import Conference


def _owe(**values: object) -> Message:
    return owe_message(**{"kind": Message.Kind.LINK, "recipient": "Ada@Example.org", **values})  # type: ignore[arg-type]


@transaction.atomic
def _owe_and_fail() -> None:
    _owe()
    raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_a_message_cannot_be_owed_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        _owe()

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_the_row_is_due_at_once_and_has_its_own_message_id(settings: object) -> None:
    settings.DEFAULT_FROM_EMAIL = "Köprü <mail@köprü.example>"  # type: ignore[attr-defined]

    message = _owe()

    assert (message.recipient, message.status, message.attempts) == ("ada@example.org", "queued", 0)
    assert re.fullmatch(r"<[0-9a-f-]{36}@xn--kpr-sna6a\.example>", message.message_id)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_owes_nothing() -> None:
    with pytest.raises(RuntimeError):
        _owe_and_fail()

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "recipient",
    [
        "ada@example.org\nBcc: eve@example.org",
        "ada@example.org\r\nSubject: x",
        "ada",
        "",
        "ada@example.org\0",
        "a" * 300,
    ],
)
@pytest.mark.django_db
def test_an_address_that_would_break_a_header_is_refused_before_anything_is_written(recipient: str) -> None:
    with pytest.raises(InvalidAddress):
        _owe(recipient=recipient)

    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "gossip"},
        {"language": "fr"},
        {"facts": {"passcode": "1234"}},
        {"facts": {"ids": [1, "secret"]}},
    ],
)
@pytest.mark.django_db
def test_what_no_caller_should_pass_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        _owe(**values)


@pytest.mark.django_db(transaction=True)
def test_many_messages_of_one_transaction_are_one_nudge() -> None:
    with transaction.atomic():
        _owe()
        with transaction.atomic():
            _owe()
        assert len(connection.run_on_commit) == 1


@pytest.mark.django_db(transaction=True)
def test_a_nudge_of_a_rolled_back_savepoint_is_replaced_by_the_next_one() -> None:
    with transaction.atomic():
        with pytest.raises(RuntimeError):
            _owe_and_fail()
        assert connection.run_on_commit == []
        _owe()
        assert len(connection.run_on_commit) == 1


@pytest.mark.django_db
def test_facts_keep_identifiers(conference: Conference) -> None:
    assert _owe(facts={"new": (1, 2), "report": 3}).facts == {"new": [1, 2], "report": 3}
