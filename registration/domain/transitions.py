"""The one place where a registration's state, its places and its owed mail change together.

The use cases (register, confirm, decline, cancel, …) call `move` inside their transaction, after locking the row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.audit import is_recording
from conference.kept_queries import KeptInsert, KeptQuery
from conference.query_slots import key, moment
from registration.domain.access_codes.counted import forget_codes_short
from registration.domain.access_codes.give import give_codes_on_admission
from registration.domain.access_told import note_admission
from registration.domain.errors import DomainError
from registration.domain.outbox.claim import TIME_TO_UNDO
from registration.domain.outbox.owe_many import owe_messages
from registration.domain.places import free_place, take_place, take_turn
from registration.domain.tokens import can_be_written_again, issue_link
from registration.models import AccessDetails, Message, Participant, PersonalLink, Registration

Former = dict[str, Any]
_STATE = ("status", "role", "listens_meanwhile", "decision_note", "calendar_revision")
_MOMENTS = ("waiting_since", "offered_until", "decided_at")


class NoPlaceLeft(DomainError):  # noqa: N818 (named after what the person is told)
    """All places of the wanted role are taken; in which workshop, `workshop_id` says where that was tried."""

    def __init__(self, message: Promise | str, *, workshop_id: int | None = None) -> None:
        super().__init__(message)
        self.workshop_id = workshop_id


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


@dataclass(frozen=True, slots=True)
class Step:
    """One registration, the state it is to have, and the kind of the mail it owes for that, if any.

    The mail of a decision that is `undoable` is held back for a moment (`TIME_TO_UNDO`), see `undo_decision`.
    `in_turn`: a place is taken only where nobody waits for it.
    """

    registration: Registration
    target: Target
    notice: str | None
    undoable: bool = False
    in_turn: bool = False


def move(
    registration: Registration, target: Target, *, notice: str | None, undoable: bool = False
) -> Registration:
    """Gives the registration its new state, owes the mail of kind `notice`, and last of all trades its places.

    Raises NoPlaceLeft; the caller's transaction (or savepoint) must be rolled back then.
    """
    move_together([Step(registration, target, notice, undoable)])
    return registration


@dataclass(frozen=True, slots=True)
class ToTell:
    """What mails to one person may tell: what NEWEST_LINK finds of them, and ANNOUNCED of their conference."""

    links: Sequence[PersonalLink]
    details: Sequence[AccessDetails]


def move_together(steps: Sequence[Step], *, to_tell: ToTell | None = None) -> None:
    """The same for several registrations of one person, in the order of their workshops.

    The workshops' rows, which everybody wants, are locked when all the rest is written. Raises NoPlaceLeft as `move`.
    `to_tell`: where it is known already.
    """
    before = [step.registration.held_roles for step in steps]
    former = [former_state(step.registration) for step in steps]
    for step in steps:
        _enter_state(step.registration, step.target)
    _save([step.registration for step in steps])
    announced = _announced([step.registration for step in steps], to_tell)
    _give_codes(announced)
    _owe_notices(steps, former, announced, to_tell)
    for step, held in zip(steps, before, strict=True):
        _trade(step.registration, held, in_turn=step.in_turn)


def _save(registrations: Sequence[Registration]) -> None:
    """New ones with one statement, where nobody's change of them is recorded."""
    new = [row for row in registrations if row._state.adding and not is_recording()]
    if new:
        _INSERT.run(new)
    for row in registrations:
        if row not in new:
            row.save()


_INSERT = KeptInsert(Registration)


def _announced(registrations: Sequence[Registration], to_tell: ToTell | None = None) -> list[Registration]:
    """Those of them for whom access details, or codes, may be there by now: mostly nobody, until the day is near."""
    admitted = [row for row in registrations if row.admitted_role is not None]
    if not admitted:
        return []
    conference = admitted[0].workshop.conference_id
    details = ANNOUNCED.all(conference=conference) if to_tell is None else to_tell.details
    there = {(row.day.workshop_id, row.role) for row in details}
    return [row for row in admitted if (row.workshop_id, row.admitted_role) in there]


def _give_codes(registrations: Sequence[Registration]) -> None:
    if registrations:
        forget_codes_short()
    for row in registrations:
        give_codes_on_admission(registration=row)


def _owe_notices(
    steps: Sequence[Step],
    former: Sequence[Former],
    announced: Sequence[Registration],
    to_tell: ToTell | None,
) -> None:
    owing = [(step, state) for step, state in zip(steps, former, strict=True) if step.notice]
    notices = [_notice_of(step) for step, _state in owing]
    messages = owe_together(notices, announced=announced, to_tell=to_tell)
    for (step, state), message in zip(owing, messages, strict=True):
        if step.undoable:
            _remember(step.registration, {**state, "message": str(message.pk)})


def _notice_of(step: Step) -> Notice:
    due_at = timezone.now() + TIME_TO_UNDO if step.undoable else None
    return Notice(step.registration, step.notice or "", due_at)


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
    _give_codes(_announced([registration]))
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


def _trade(registration: Registration, before: frozenset[str], *, in_turn: bool = False) -> None:
    """Takes the places that are new, then gives back those that are no longer held."""
    for role in sorted(registration.held_roles - before):
        take = take_turn if in_turn and role == registration.role else take_place
        if not take(workshop_id=registration.workshop_id, role=role):
            _go_without(registration, role)
    for role in sorted(before - registration.held_roles):
        free_place(workshop_id=registration.workshop_id, role=role)


def _go_without(registration: Registration, role: str) -> None:
    """Only listening until an active place is theirs can be done without."""
    if not registration.listens_meanwhile or role != Registration.Role.LISTENER:
        raise NoPlaceLeft(_no_place_left(role), workshop_id=registration.workshop_id)
    registration.listens_meanwhile = False
    registration.calendar_revision -= 1
    registration.save(update_fields=["listens_meanwhile", "calendar_revision"])


def _no_place_left(role: str) -> Promise:
    if role == Registration.Role.ACTIVE:
        return _("All active places of this workshop are taken.")
    return _("All listeners’ places of this workshop are taken.")


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail of a kind about one registration; `due_at` (aware) holds it back until then."""

    registration: Registration
    kind: str
    due_at: dt.datetime | None = None


def owe_to_participant(
    *, registration: Registration, kind: str, due_at: dt.datetime | None = None
) -> Message:
    """Owes a mail about one registration, with the personal link that leads back to it."""
    [message] = owe_together([Notice(registration, kind, due_at)])
    return message


def owe_together(
    notices: Sequence[Notice],
    *,
    announced: Sequence[Registration] | None = None,
    to_tell: ToTell | None = None,
) -> list[Message]:
    """The same for several registrations of one person.

    `announced`: those of them for whom there may be access details to be told, where that is known.
    """
    if not notices:
        return []
    participant = notices[0].registration.participant
    link = link_for_mail(participant=participant) if to_tell is None else _link(participant, to_tell.links)
    messages = [_message_of(notice, link) for notice in notices]
    owe_messages(messages=messages)
    for notice, message in zip(notices, messages, strict=True):
        if announced is None or notice.registration in announced:
            note_admission(registration=notice.registration, message=message)
    return messages


def _message_of(notice: Notice, link: PersonalLink) -> Message:
    participant = notice.registration.participant
    return Message(
        kind=Message.Kind(notice.kind),
        recipient=participant.email,
        language=participant.language,
        participant=participant,
        registration=notice.registration,
        link=link,
        facts=_facts(notice.registration, notice.kind),
        due_at=notice.due_at or timezone.now(),
    )


def _facts(registration: Registration, kind: str) -> dict[str, int]:
    """Which offer a mail is about: another may have followed it by the time it is sent."""
    return facts_of_offer(registration) if kind == Message.Kind.OFFERED else {}


def facts_of_offer(registration: Registration) -> dict[str, int]:
    until = registration.offered_until
    return {} if until is None else {"offered_until": int(until.timestamp())}


def link_for_mail(*, participant: Participant) -> PersonalLink:
    """The person's newest link that still works, or a new one."""
    return _link(participant, NEWEST_LINK.all(participant=participant.pk, now=timezone.now()))


def _link(participant: Participant, newest: Sequence[PersonalLink]) -> PersonalLink:
    usable = (link for link in newest if can_be_written_again(link=link))
    return next(usable, None) or issue_link(participant=participant)


NEWEST_LINK: KeptQuery[PersonalLink] = KeptQuery(
    lambda: PersonalLink.objects.filter(
        participant=key("participant"), revoked_at__isnull=True, expires_at__gt=moment("now")
    ).order_by("-created_at", "-pk")[:1]
)
ANNOUNCED: KeptQuery[AccessDetails] = KeptQuery(
    lambda: (
        AccessDetails.objects.filter(
            Q(version__gt=0) | Q(personal_codes=True), day__workshop__conference=key("conference")
        )
        .select_related("day")
        .only("role", "day__workshop")
        .order_by()
    )
)
