"""Reads claimed messages with what they are about: what many of them share, once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from django.db import models

from conference.kept_queries import KeptQuery, Slot, key
from registration.models import Message
from workshops.models import Conference, Workshop

# By the claim, not by their keys: few rows are being sent at any time, and an index holds those.
_CLAIMED: KeptQuery[Message] = KeptQuery(
    lambda: (
        Message.objects.filter(status=Message.Status.SENDING, claim=Slot("claim", models.UUIDField()))
        .select_related("participant", "invitation", "link", "registration", "registration__participant")
        .order_by("due_at", "created_at")
    )
)
_CONFERENCE: KeptQuery[Conference] = KeptQuery(lambda: Conference.objects.filter(pk=key("id")))
_WORKSHOP: KeptQuery[Workshop] = KeptQuery(lambda: Workshop.objects.filter(pk=key("id")))


def read_claimed(*, claim: uuid.UUID, keys: Sequence[uuid.UUID]) -> list[Message]:
    """Those of `keys` that are still there and still ours, in the order in which they were due."""
    found = {message.pk: message for message in _CLAIMED.all(claim=claim)}
    messages = [found[one] for one in keys if one in found]
    _add_conferences(messages)
    _add_workshops(messages)
    return messages


def _add_conferences(messages: Iterable[Message]) -> None:
    known: dict[int, Conference | None] = {}
    for message in messages:
        about = message.registration
        for person in (message.participant, about.participant if about else None):
            if person is not None:
                if person.conference_id not in known:
                    known[person.conference_id] = _CONFERENCE.first(id=person.conference_id)
                person.conference = known[person.conference_id]  # type: ignore[assignment]


def _add_workshops(messages: Sequence[Message]) -> None:
    known: dict[int, Workshop | None] = {}
    for message in messages:
        if (about := message.registration) is not None:
            if about.workshop_id not in known:
                known[about.workshop_id] = _WORKSHOP.first(id=about.workshop_id)
            about.workshop = known[about.workshop_id]  # type: ignore[assignment]
