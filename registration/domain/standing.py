"""What one person is registered for and may choose from: looked at for a page, or locked for what they send."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from conference.asked_together import KeptQueries
from conference.kept_queries import KeptQuery
from conference.query_slots import key
from registration.domain.privacy_to_consent import CURRENT_NOTICE, to_consent
from registration.domain.transitions import ANNOUNCED, NEWEST_LINK, ToTell
from registration.models import Invitation, Participant, PrivacyVersion, Registration
from workshops.domain.registration_window import with_its_end
from workshops.models import Workshop

# What offers and decisions ask of a workshop: none of its texts.
_ASKED = (
    "conference_id",
    "slug",
    "kind",
    "position",
    "capacity_active",
    "capacity_listener",
    "taken_active",
    "taken_listener",
    "admission",
    "confirmation",
    "promotion",
    "join_minutes",
    "registration_opens_at",
    "registration_closes_at",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person with the workshops they may choose from; `participant.registrations` is read already.

    `registrations` by the workshop's key. `privacy` is the notice they have not consented to yet, if any; `to_tell`
    what the mails may say that are owed to them.
    """

    participant: Participant
    registrations: dict[int, Registration]
    workshops: Sequence[Workshop]
    privacy: PrivacyVersion | None
    to_tell: ToTell


def lock_standing(*, participant: Participant) -> Standing:
    """Two windows of the same person queue here; everything of it is read once it is locked.

    Raises Participant.DoesNotExist where they were erased, TransactionManagementError outside a transaction.
    """
    of = {"participant": participant.pk, "conference": participant.conference_id}
    _PERSON.lock(**of)
    _REGISTRATIONS.lock(**of)
    people, locked, workshops, notices, links, details = _STANDING.all(**of, now=timezone.now())
    if not people:
        raise Participant.DoesNotExist
    [participant] = people
    by_key = {workshop.pk: workshop for workshop in workshops}
    rows = [row for row in locked if row.workshop_id in by_key]
    for row in rows:
        row.participant, row.workshop = participant, by_key[row.workshop_id]
    _know_registrations(participant, rows)
    registrations = {row.workshop_id: row for row in rows}
    return Standing(participant, registrations, workshops, to_consent(notices), ToTell(links, details))


def read_registrations(*, participant: Participant) -> list[Registration]:
    """Once for everything a page asks: `participant.registrations` is read then."""
    known = getattr(participant, "_prefetched_objects_cache", {}).get("registrations")
    if known is not None:
        return list(known)
    rows = _READ_REGISTRATIONS.all(participant=participant.pk)
    for row in rows:
        row.participant = participant
    _know_registrations(participant, rows)
    return rows


def offered_workshops(*, participant: Participant) -> list[Workshop]:
    """What this person may choose from: open workshops, those they are invited to, those they registered for."""
    return _OFFERED.all(participant=participant.pk, conference=participant.conference_id)


def state_of(*, participant: Participant) -> str:
    """A fingerprint of what is registered; a form that was opened before it changed can be told by it."""
    rows = sorted(participant.registrations.all(), key=lambda row: row.workshop_id)
    values = [
        (row.workshop_id, row.role, row.status, row.listens_meanwhile, row.offered_until) for row in rows
    ]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def _know_registrations(participant: Participant, rows: list[Registration]) -> None:
    """As if they had been prefetched."""
    known = participant.registrations.all()
    known._result_cache = rows
    known._prefetch_done = True  # type: ignore[attr-defined]
    participant._prefetched_objects_cache = {"registrations": known}  # type: ignore[attr-defined]


def forget_registrations(standing: Standing) -> None:
    """They are about to be changed: whoever asks the participant next reads them anew."""
    vars(standing.participant).pop("_prefetched_objects_cache", None)


def _offered() -> Q:
    invitations = Invitation.objects.filter(participant=key("participant")).exclude(
        status=Invitation.Status.REVOKED
    )
    # Subqueries: joined to everybody's invitations and registrations, the rows multiply.
    invited = Invitation.workshops.through.objects.filter(invitation__in=invitations).values("workshop")
    registered = Registration.objects.filter(participant=key("participant")).order_by().values("workshop")
    return Q(admission=Workshop.Admission.OPEN) | Q(pk__in=invited) | Q(pk__in=registered)


_PERSON: KeptQuery[Participant] = KeptQuery(
    lambda: Participant.objects.select_for_update(no_key=True).filter(pk=key("participant")).only("pk")
)
# The rows of two people are always locked in the order of workshops.
_REGISTRATIONS: KeptQuery[Registration] = KeptQuery(
    lambda: (
        Registration.objects.select_for_update(no_key=True)
        .filter(participant=key("participant"))
        .order_by("workshop_id")
        .only("pk")
    )
)
_READ_REGISTRATIONS: KeptQuery[Registration] = KeptQuery(
    lambda: Registration.objects.filter(participant=key("participant")).order_by("created_at", "pk")
)
_OFFERED: KeptQuery[Workshop] = KeptQuery(
    lambda: with_its_end(Workshop.objects.filter(_offered(), conference=key("conference")).only(*_ASKED))
)
_STANDING = KeptQueries(
    KeptQuery(lambda: Participant.objects.filter(pk=key("participant"))),
    KeptQuery(lambda: Registration.objects.filter(participant=key("participant")).order_by("workshop_id")),
    _OFFERED,
    CURRENT_NOTICE,
    NEWEST_LINK,
    ANNOUNCED,
)
