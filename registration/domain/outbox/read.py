"""Reads claimed messages with what they are about: what many of them share, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models

from conference.kept_queries import KeptQuery
from conference.query_slots import Slot, key
from registration.models import Message, Participant
from workshops.models import Conference, Workshop

# To make a moment, or a country, of what was read takes as long as to read it.
_NOT_IN_A_MAIL = (
    *("claimed_at", "created_at", "sent_at", "provider_id", "last_error"),
    *(
        f"participant__{name}"
        for name in ("position", "city", "country", "joining_recorded_since", "created_at")
    ),
    *(
        f"invitation__{name}"
        for name in ("created_at", "sent_at", "answered_at", "invited_by", "invitation_list")
    ),
    "link__created_at",
)
# By the claim, not by their keys: few rows are being sent at any time, and an index holds those.
_CLAIMED: KeptQuery[Message] = KeptQuery(
    lambda: (
        Message.objects.filter(status=Message.Status.SENDING, claim=Slot("claim", models.UUIDField()))
        .select_related("participant", "invitation", "link", "registration", "registration__participant")
        .defer("claim", *_NOT_IN_A_MAIL)
        .order_by("due_at", "created_at")
    )
)
# Quicker than to assign it, which looks at length for what else is to be set.
_ITS_CONFERENCE: Any = Participant._meta.get_field("conference")
_CONFERENCE: KeptQuery[Conference] = KeptQuery(lambda: Conference.objects.filter(pk=key("id")))
_WORKSHOP: KeptQuery[Workshop] = KeptQuery(lambda: Workshop.objects.filter(pk=key("id")))


def read_claimed(*, claim: uuid.UUID, keys: Sequence[uuid.UUID]) -> list[Message]:
    """Those of `keys` that are still there and still ours, in the order in which they were due."""
    found = {message.id: message for message in _CLAIMED.all(claim=claim)}
    messages = [message for message in map(found.get, keys) if message is not None]
    for message in messages:
        message.claim = claim
    _add_conferences(messages)
    _add_workshops(messages)
    return messages


def _add_conferences(messages: Iterable[Message]) -> None:
    known: dict[int, Conference | None] = {}
    for message in messages:
        about = None if message.registration_id is None else message.registration
        for person in (message.participant, about.participant if about else None):
            if person is not None:
                conference = person.conference_id
                if conference not in known:
                    known[conference] = _CONFERENCE.first(id=conference)
                _ITS_CONFERENCE.set_cached_value(person, known[conference])


def _add_workshops(messages: Sequence[Message]) -> None:
    known: dict[int, Workshop | None] = {}
    for message in messages:
        if message.registration_id is not None and (about := message.registration) is not None:
            if about.workshop_id not in known:
                known[about.workshop_id] = _WORKSHOP.first(id=about.workshop_id)
            about.workshop = known[about.workshop_id]  # type: ignore[assignment]
