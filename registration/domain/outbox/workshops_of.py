from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import chain
from typing import Any

from django.db import models

from conference.kept_queries import KeptQuery
from conference.query_slots import Slot, key
from registration.domain.outbox.memory import Memory, remembered
from registration.models import Invitation, Message
from workshops.models import Workshop

_Invited = Invitation.workshops.through
_INVITED: KeptQuery[models.Model] = KeptQuery(
    lambda: (
        _Invited._default_manager.filter(
            invitation__messages__status=Message.Status.SENDING,
            invitation__messages__claim=Slot("claim", models.UUIDField()),
        )
        .only("invitation_id", "workshop_id")
        .order_by(*(f"workshop__{name}" for name in Workshop._meta.ordering or ()))
    )
)
_WORKSHOP: KeptQuery[Workshop] = KeptQuery(lambda: Workshop.objects.filter(pk=key("id")))


def workshops_of(invitation: Invitation) -> Sequence[Workshop]:
    """What somebody is invited to, in its order."""
    return remembered(_key(invitation.pk), lambda: tuple(invitation.workshops.all()))


def read_workshops_of(messages: Iterable[Message]) -> Memory:
    """The same for messages with one claim: each workshop is read once, however many are invited to it."""
    claims: set[Any] = set()
    found: dict[int, list[int]] = {}
    for one in messages:
        if (invitation := one.invitation_id) is not None:
            claims.add(one.claim)
            found[invitation] = []
    for _key_of_row, invitation, workshop in (row for claim in claims for row in _INVITED.rows(claim=claim)):
        found.setdefault(invitation, []).append(workshop)
    read = (_WORKSHOP.first(id=pk) for pk in set(chain.from_iterable(found.values())))
    # One that was deleted between the two is no longer invited to.
    known = {workshop.pk: workshop for workshop in read if workshop is not None}
    return {
        _key(invitation): tuple([known[pk] for pk in each if pk in known])
        for invitation, each in found.items()
    }


def _key(invitation_id: int) -> Hashable:
    return "workshops", invitation_id
