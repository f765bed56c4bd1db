from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from registration.domain.addresses import comparable
from registration.domain.outbox.memory import Memory
from registration.domain.outbox.still_owed import suppression_key
from registration.domain.outbox.workshops_of import read_workshops_of
from registration.domain.suppress import suppressed_of
from registration.models import Message


def shared_by(messages: Sequence[Message]) -> Memory:
    """What would else be asked for each message by itself: what somebody is invited to, who wants no such mail."""
    people: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        if message.kind in Message.UNASKED and message.participant is not None:
            people[message.participant.conference_id].append(message)
    memory = read_workshops_of(messages)
    for conference_id, asked in people.items():
        addresses = {message.recipient: comparable(message.recipient) for message in asked}
        found = suppressed_of(conference_id=conference_id, emails=set(addresses.values()))
        for message in asked:
            memory[suppression_key(message)] = found.get(addresses[message.recipient])
    return memory
