from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from conference.logs import write_line
from registration.domain.addresses import normal_address
from registration.domain.outbox.lanes import lane_of
from registration.domain.outbox.nudge import nudge_after_commit
from registration.models import Invitation, Message, Participant, PersonalLink, Registration
from workshops.languages import CODES

_NAMED_SINGLY = 20
Facts = Mapping[str, int | Sequence[int]]


def owe_message(  # noqa: PLR0913 (what a message may refer to)
    *,
    kind: str,
    recipient: str,
    language: str = "",
    participant: Participant | None = None,
    invitation: Invitation | None = None,
    registration: Registration | None = None,
    link: PersonalLink | None = None,
    facts: Facts | None = None,
    due_at: dt.datetime | None = None,
) -> Message:
    """Writes the message that the running transaction owes, and nudges the worker once that is committed.

    An empty `language` means both languages. `facts` hold identifiers only: texts and secrets are read when the mail
    is rendered. `due_at` (aware) holds it back until then. Raises InvalidAddress, TransactionManagementError outside
    a transaction, ValueError for what no caller should pass.
    """
    require_transaction()
    message = Message(
        kind=Message.Kind(kind),
        recipient=recipient,
        language=language,
        participant=participant,
        invitation=invitation,
        registration=registration,
        link=link,
        facts=facts or {},
        due_at=due_at or timezone.now(),
    )
    check_message(message)
    message.message_id = message_id_of(message.id)
    message.save(force_insert=True)
    tell_owed([message])
    nudge_after_commit(lane_of(message.kind).task)
    return message


def tell_owed(messages: Sequence[Message]) -> None:
    """In the log, the id of a request leads to the messages it caused, and a message's number to its sending."""
    if len(messages) > _NAMED_SINGLY:
        write_line("messages owed", logger=__name__, count=len(messages))
        return
    for message in messages:
        write_line("message owed", logger=__name__, message=str(message.id), kind=str(message.kind))


def message_id_of(key: uuid.UUID) -> str:
    """The row's Message-ID, the same for every attempt, so that a copy can be told (RFC 5322, 3.6.4)."""
    return f"<{key}@{_domain_of(settings.DEFAULT_FROM_EMAIL)}>"


@cache
def _domain_of(sender: str) -> str:
    """Finding it out for each of ten thousand messages takes half a second."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return domain.encode("idna").decode()


def require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "A message is owed by a transaction, together with its cause."
        )


def check_message(message: Message) -> None:
    """What no row of the outbox may hold. Raises InvalidAddress, and ValueError for what no caller should pass."""
    # A line break in an address would end the header it stands in (RFC 5322, section 2.2).
    message.recipient = normal_address(message.recipient)
    message.language = _checked_language(message.language)
    message.facts = _checked_facts(message.facts)


def _checked_language(language: str) -> str:
    if language not in {"", *CODES}:
        raise ValueError("unknown language")
    return language


def _checked_facts(facts: Facts) -> dict[str, Any]:
    kept = {name: value if isinstance(value, int) else list(value) for name, value in facts.items()}
    for value in kept.values():
        if not all(isinstance(item, int) for item in (value if isinstance(value, list) else [value])):
            raise ValueError("facts hold identifiers only")
    return kept
