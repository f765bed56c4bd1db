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
    people: dict[int, dict[str, str]] = defaultdict(dict)
    for message in messages:
        if message.kind in Message.UNASKED and (person := message.participant) is not None:
            people[person.conference_id][message.recipient] = comparable(message.recipient)
    memory = read_workshops_of(messages)
    for conference_id, addresses in people.items():
        found = suppressed_of(conference_id=conference_id, emails=set(addresses.values()))
        for recipient, address in addresses.items():
            memory[suppression_key(conference_id, recipient)] = found.get(address)
    return memory
