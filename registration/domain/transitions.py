"""The one place where a registration's state, its places and its owed mail change together.

The use cases (register, confirm, decline, cancel, …) call `move` inside their transaction, after locking the row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.errors import DomainError
from registration.domain.outbox.owe import owe_message
from registration.domain.places import free_place, take_place
from registration.domain.tokens import can_be_written_again, issue_link
from registration.models import Message, Participant, PersonalLink, Registration


class NoPlaceLeft(DomainError):  # noqa: N818 (named after what the person is told)
    """All places of the wanted role are taken."""


class NotPossible(DomainError):  # noqa: N818
    """The registration is in a state from which this step does not lead."""


@dataclass(frozen=True, slots=True)
class Target:
    """The state a registration is to have; `listens`: until an active place is theirs, this person listens.

    `offered_until` opens the offer of a place, which then is held for them; who goes on waiting keeps an open one.
    """

    status: str
    role: str
    listens: bool = False
    offered_until: dt.datetime | None = None


def lock_registration(*, registration_id: int) -> Registration:
    """Re-reads one registration under a row lock. Raises NotPossible where it does not exist.

    `no_key`, here and for every other row that messages refer to: PostgreSQL looks those rows up when a message is
    committed, and a full lock would make that wait. Who saves access details would wait for who cancels, and both
    for ever.
    """
    registration = (
        Registration.objects.select_for_update(of=("self",), no_key=True)
        .select_related("participant__conference", "workshop__conference")
        .filter(pk=registration_id)
        .first()
    )
    if registration is None:
        raise NotPossible(_("This registration does not exist."))
    return registration


def move(registration: Registration, target: Target, *, notice: str | None) -> Registration:
    """Gives the registration its new state, owes the mail of kind `notice`, and last of all trades its places.

    Raises NoPlaceLeft; the caller's transaction (or savepoint) must be rolled back then.
    """
    before = registration.held_roles
    _enter_state(registration, target)
    registration.save()
    if notice:
        owe_to_participant(registration=registration, kind=notice)
    _trade(registration, before)
    return registration


def _enter_state(registration: Registration, target: Target) -> None:
    now = timezone.now()
    was_waiting = registration.status == Registration.Status.WAITLISTED and registration.role == target.role
    if target.status != Registration.Status.WAITLISTED:
        registration.waiting_since = registration.offered_until = None
    elif not was_waiting:
        registration.waiting_since, registration.offered_until = now, target.offered_until
    else:
        registration.offered_until = target.offered_until or registration.offered_until
    if target.status != Registration.Status.REQUESTED:
        registration.decided_at = now
    registration.status, registration.role = target.status, target.role
    registration.listens_meanwhile = target.listens


def _trade(registration: Registration, before: frozenset[str]) -> None:
    """Takes the places that are new, then gives back those that are no longer held."""
    for role in sorted(registration.held_roles - before):
        if not take_place(workshop_id=registration.workshop_id, role=role):
            _go_without(registration, role)
    for role in sorted(before - registration.held_roles):
        free_place(workshop_id=registration.workshop_id, role=role)


def _go_without(registration: Registration, role: str) -> None:
    """Only listening until an active place is theirs can be done without."""
    if not registration.listens_meanwhile or role != Registration.Role.LISTENER:
        raise NoPlaceLeft(_no_place_left(role))
    registration.listens_meanwhile = False
    registration.save(update_fields=["listens_meanwhile"])


def _no_place_left(role: str) -> Promise:
    if role == Registration.Role.ACTIVE:
        return _("All active places of this workshop are taken.")
    return _("All listeners’ places of this workshop are taken.")


def owe_to_participant(*, registration: Registration, kind: str) -> Message:
    """Owes a mail about one registration, with the personal link that leads back to it."""
    participant = registration.participant
    return owe_message(
        kind=kind,
        recipient=participant.email,
        language=participant.language,
        participant=participant,
        registration=registration,
        link=link_for_mail(participant=participant),
        facts=_facts(registration, kind),
    )


def _facts(registration: Registration, kind: str) -> dict[str, int]:
    """Which offer a mail is about: another may have followed it by the time it is sent."""
    return facts_of_offer(registration) if kind == Message.Kind.OFFERED else {}


def facts_of_offer(registration: Registration) -> dict[str, int]:
    until = registration.offered_until
    return {} if until is None else {"offered_until": int(until.timestamp())}


def link_for_mail(*, participant: Participant) -> PersonalLink:
    """The person's newest link that still works, or a new one."""
    usable = participant.links.filter(revoked_at__isnull=True, expires_at__gt=timezone.now())
    newest = usable.order_by("-created_at", "-pk").first()
    if newest is not None and can_be_written_again(link=newest):
        return newest
    return issue_link(participant=participant)
