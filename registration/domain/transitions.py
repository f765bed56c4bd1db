"""The one place where a registration's state, its places and its owed mail change together.

The use cases (register, confirm, decline, cancel, …) call `move` inside their transaction, after locking the row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.access_codes.give import give_codes_on_admission
from registration.domain.access_told import note_admission
from registration.domain.errors import DomainError
from registration.domain.outbox.claim import TIME_TO_UNDO
from registration.domain.outbox.owe import owe_message
from registration.domain.places import free_place, take_place
from registration.domain.tokens import can_be_written_again, issue_link
from registration.models import Message, Participant, PersonalLink, Registration

Former = dict[str, Any]
_STATE = ("status", "role", "listens_meanwhile", "decision_note", "calendar_revision")
_MOMENTS = ("waiting_since", "offered_until", "decided_at")


class NoPlaceLeft(DomainError):  # noqa: N818 (named after what the person is told)
    """All places of the wanted role are taken."""


class NotPossible(DomainError):  # noqa: N818
    """The registration is in a state from which this step does not lead."""


@dataclass(frozen=True, slots=True)
class Target:
    """The state a registration is to have; `listens`: until an active place is theirs, this person listens.

    `offered_until` opens the offer of a place, which then is held for them; who goes on waiting keeps an open one.
    `note` says why, to a person who is declined.
    """

    status: str
    role: str
    listens: bool = False
    offered_until: dt.datetime | None = None
    note: str = ""


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


def move(
    registration: Registration, target: Target, *, notice: str | None, undoable: bool = False
) -> Registration:
    """Gives the registration its new state, owes the mail of kind `notice`, and last of all trades its places.

    The mail of a decision that is `undoable` is held back for a moment (`TIME_TO_UNDO`), see `undo_decision`.
    Raises NoPlaceLeft; the caller's transaction (or savepoint) must be rolled back then.
    """
    before, former = registration.held_roles, former_state(registration)
    _enter_state(registration, target)
    registration.save()
    give_codes_on_admission(registration=registration)
    if notice:
        due_at = timezone.now() + TIME_TO_UNDO if undoable else None
        message = owe_to_participant(registration=registration, kind=notice, due_at=due_at)
        if undoable:
            _remember(registration, {**former, "message": str(message.pk)})
    _trade(registration, before)
    return registration


def move_back(registration: Registration, former: Former) -> Registration:
    """Gives the registration a former state again, its number on the waiting list with it, and trades its places.

    No mail is owed. Raises NoPlaceLeft where somebody else has the place by now.
    """
    before = registration.held_roles
    for name in (*_STATE, *_MOMENTS):
        value = former[name]
        is_moment = name in _MOMENTS and value is not None
        setattr(registration, name, dt.datetime.fromisoformat(value) if is_moment else value)
    registration.before_decision = None
    registration.save()
    give_codes_on_admission(registration=registration)
    _trade(registration, before)
    return registration


def former_state(registration: Registration) -> Former:
    """All that `move` may change, as JSON can keep it."""
    moments = {name: getattr(registration, name) for name in _MOMENTS}
    return {name: getattr(registration, name) for name in _STATE} | {
        name: moment.isoformat() if moment else None for name, moment in moments.items()
    }


def _remember(registration: Registration, former: Former) -> None:
    """Not `save`: the log of changes would show two changes where there was one."""
    registration.before_decision = former
    Registration.objects.filter(pk=registration.pk).update(before_decision=former)


def _enter_state(registration: Registration, target: Target) -> None:
    now, admitted_before = timezone.now(), registration.admitted_role
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
    registration.decision_note, registration.before_decision = target.note, None
    if registration.admitted_role != admitted_before:
        registration.calendar_revision += 1


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
    registration.calendar_revision -= 1
    registration.save(update_fields=["listens_meanwhile", "calendar_revision"])


def _no_place_left(role: str) -> Promise:
    if role == Registration.Role.ACTIVE:
        return _("All active places of this workshop are taken.")
    return _("All listeners’ places of this workshop are taken.")


def owe_to_participant(
    *, registration: Registration, kind: str, due_at: dt.datetime | None = None
) -> Message:
    """Owes a mail about one registration, with the personal link that leads back to it."""
    participant = registration.participant
    message = owe_message(
        kind=kind,
        recipient=participant.email,
        language=participant.language,
        participant=participant,
        registration=registration,
        link=link_for_mail(participant=participant),
        facts=_facts(registration, kind),
        due_at=due_at,
    )
    note_admission(registration=registration, message=message)
    return message


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
