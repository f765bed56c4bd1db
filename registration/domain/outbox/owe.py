from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from registration.domain.addresses import normal_address
from registration.domain.outbox.nudge import nudge_after_commit
from registration.models import Invitation, Message, Participant, PersonalLink, Registration
from workshops.languages import CODES

Facts = Mapping[str, int | Sequence[int]]
_AT_ONCE = 2_000


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
    _require_transaction()
    message = _message(
        kind=kind,
        recipient=recipient,
        language=language,
        participant=participant,
        invitation=invitation,
        registration=registration,
        link=link,
        facts=facts,
        due_at=due_at,
    )
    message.save(force_insert=True)
    nudge_after_commit()
    return message


def owe_to_many(*, kind: str, owed: Iterable[tuple[PersonalLink, Facts]]) -> int:
    """The same for many people at once, each with their link: they are written in bulk and nudged for once.

    `link.participant` must have been read. Returns how many messages were written; raises as `owe_message` does.
    """
    _require_transaction()
    messages = [_to_owner_of(link, kind, facts) for link, facts in owed]
    if messages:
        Message.objects.bulk_create(messages, batch_size=_AT_ONCE)
        nudge_after_commit()
    return len(messages)


def _to_owner_of(link: PersonalLink, kind: str, facts: Facts) -> Message:
    person = link.participant
    return _message(
        kind=kind,
        recipient=person.email,
        language=person.language,
        participant=person,
        link=link,
        facts=facts,
    )


def _message(
    *,
    kind: str,
    recipient: str,
    language: str,
    facts: Facts | None,
    due_at: dt.datetime | None = None,
    **about: Model | None,
) -> Message:
    message = Message(
        kind=Message.Kind(kind),
        # A line break in an address would end the header it stands in (RFC 5322, section 2.2).
        recipient=normal_address(recipient),
        language=_checked_language(language),
        facts=_checked_facts(facts or {}),
        due_at=due_at or timezone.now(),
        **about,
    )
    message.message_id = message_id_of(message.id)
    return message


def message_id_of(key: uuid.UUID) -> str:
    """The row's Message-ID, the same for every attempt, so that a copy can be told (RFC 5322, 3.6.4)."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{key}@{domain.encode('idna').decode()}>"


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "A message is owed by a transaction, together with its cause."
        )


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
