"""Owes mail and keeps that it was owed, in one transaction: who is told, is told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from registration.domain.links_for_mail import links_for_mail
from registration.domain.outbox.owe import Facts
from registration.domain.outbox.owe_many import owe_messages
from registration.models import Message, Notice, Participant, Registration

AT_ONCE = 200


def batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def lock_people(people: QuerySet[Participant]) -> list[Participant]:
    """Who erases them, or writes the same notice, waits for us, or we for them. What is read next is as it is then."""
    locked = people.select_for_update(of=("self",), no_key=True).select_related("conference")
    return list(locked.order_by("pk"))


def write_notices(
    *, kind: str, written: Sequence[tuple[Registration, Facts]], notices: Sequence[Notice]
) -> None:
    """A message about each registration, to its participant, and the notices of all that these messages tell.

    Raises IntegrityError where one of the notices was written before: then nothing may be kept of the transaction.
    """
    links = links_for_mail(participants=[registration.participant for registration, _facts in written])
    # First: whoever comes second is stopped before there is a second message.
    Notice.objects.bulk_create(notices)
    owe_messages(
        messages=[
            Message(
                kind=kind,
                recipient=registration.participant.email,
                language=registration.participant.language,
                participant=registration.participant,
                registration=registration,
                link=links[registration.participant_id],
                facts=dict(facts),
            )
            for registration, facts in written
        ]
    )
