"""A participant says which workshops they want, in which role; one transaction for the whole form."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registration.domain.errors import DomainError
from registration.domain.invitation_lifecycle import accept_invitations
from registration.domain.promote import promote_after_commit, waiting_queue
from registration.domain.transitions import NoPlaceLeft, Target, move
from registration.models import Consent, Invitation, Message, Participant, PrivacyVersion, Registration
from workshops.domain.registration_window import Window, registration_window
from workshops.models import Workshop

NONE = "none"
_Status = Registration.Status
_Role = Registration.Role


@dataclass(frozen=True, slots=True)
class PersonDetails:
    first_name: str
    last_name: str
    organisation: str
    position: str
    city: str
    country: str
    language: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one choice; `changed` is False where it was already so."""

    workshop: Workshop
    registration: Registration
    changed: bool


class ChoicesRefused(DomainError):  # noqa: N818 (named after what the person is told)
    """`errors` has one sentence for each workshop's slug; nothing of the form was kept."""

    def __init__(self, errors: Mapping[str, Promise | str]) -> None:
        super().__init__(" ".join(str(error) for error in errors.values()))
        self.errors = dict(errors)


@dataclass(slots=True)
class _Wishes:
    choices: Mapping[str, str]
    listens: Mapping[str, bool]
    refused: dict[str, Promise | str] = field(default_factory=dict)


def offered_workshops(*, participant: Participant) -> list[Workshop]:
    """What this person may choose from: open workshops, those they are invited to, those they registered for."""
    invitations = Invitation.objects.filter(participant=participant).exclude(status=Invitation.Status.REVOKED)
    # Subqueries: joined to everybody's invitations and registrations, the rows multiply.
    invited = Invitation.workshops.through.objects.filter(invitation__in=invitations).values("workshop")
    registered = participant.registrations.order_by().values("workshop")
    return list(
        Workshop.objects.filter(
            Q(admission=Workshop.Admission.OPEN) | Q(pk__in=invited) | Q(pk__in=registered)
        )
        .filter(conference=participant.conference_id)
        .select_related("conference")
        .prefetch_related("days")
    )


def state_of(*, participant: Participant) -> str:
    """A fingerprint of what is registered; a form that was opened before it changed can be told by it."""
    rows = participant.registrations.order_by("workshop_id").values_list(
        "workshop_id", "role", "status", "listens_meanwhile", "offered_until"
    )
    return hashlib.sha256(repr(list(rows)).encode()).hexdigest()[:16]


def submit_registration(  # noqa: PLR0913 (what the form says)
    *,
    participant: Participant,
    details: PersonDetails,
    choices: Mapping[str, str],
    listens: Mapping[str, bool],
    consent: PrivacyVersion | None,
    language: str,
) -> list[Outcome]:
    """Keeps who the person is and brings each chosen workshop (slug → "none", "listener", "active") to that state.

    A workshop not named in `choices` stays as it is. `listens` (slug → bool) is the wish to listen while waiting.
    Raises ChoicesRefused; nothing is kept then.
    """
    wishes = _Wishes(choices, listens)
    with transaction.atomic():
        # Two tabs of the same person queue here; the rows of two people are always locked in the order of workshops.
        participant = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
        offered = sorted(offered_workshops(participant=participant), key=lambda workshop: workshop.pk)
        # First of all: the mails that follow are owed in the language chosen here.
        keep_details(participant, details, consent, language)
        existing = _lock_existing(participant)
        outcomes = [
            outcome
            for workshop in offered
            if workshop.slug in choices
            and (outcome := _apply(participant, workshop, existing.get(workshop.pk), wishes)) is not None
        ]
        for slug in set(choices) - {workshop.slug for workshop in offered}:
            wishes.refused[slug] = _("This workshop is not open to you, or it does not exist.")
        if wishes.refused:
            raise ChoicesRefused(wishes.refused)
        if any(outcome.registration.status != _Status.CANCELLED for outcome in outcomes):
            accept_invitations(participant=participant)
    return outcomes


def _lock_existing(participant: Participant) -> dict[int, Registration]:
    rows = (
        Registration.objects.select_for_update(of=("self",), no_key=True)
        .filter(participant=participant)
        .select_related("workshop")
        .order_by("workshop_id")
    )
    for row in rows:
        row.participant = participant
    return {row.workshop_id: row for row in rows}


def keep_details(
    participant: Participant, details: PersonDetails, consent: PrivacyVersion | None, language: str
) -> None:
    for name, value in asdict(details).items():
        setattr(participant, name, value)
    participant.save()
    if consent is not None:
        Consent.objects.get_or_create(
            participant=participant, version=consent, defaults={"language": language}
        )


def _apply(
    participant: Participant, workshop: Workshop, registration: Registration | None, wishes: _Wishes
) -> Outcome | None:
    wish = wishes.choices[workshop.slug]
    if wish == NONE:
        return _withdraw(workshop, registration)
    if registration is not None and _is_already(registration, wish, wishes.listens.get(workshop.slug)):
        return Outcome(workshop, registration, changed=False)
    if refusal := refusal_of(workshop, registration, wish):
        wishes.refused[workshop.slug] = refusal
        return None
    return _enter(participant, workshop, registration, wish, wishes.listens.get(workshop.slug, True))


def _withdraw(workshop: Workshop, registration: Registration | None) -> Outcome | None:
    if registration is None or registration.status in {_Status.CANCELLED, _Status.DECLINED}:
        return None
    promote_after_commit(workshop_id=workshop.pk)
    target = Target(_Status.CANCELLED, registration.role)
    return Outcome(workshop, move(registration, target, notice=Message.Kind.CANCELLED), changed=True)


def _is_already(registration: Registration, wish: str, listens: bool | None) -> bool:
    if registration.role != wish or registration.status in {_Status.CANCELLED, _Status.DECLINED}:
        return False
    waits_differently = (
        registration.status == _Status.WAITLISTED
        and wish == _Role.ACTIVE
        and listens is not None
        and listens != registration.listens_meanwhile
    )
    return not waits_differently


def refusal_of(workshop: Workshop, registration: Registration | None, wish: str) -> Promise | None:
    if wish not in _Role.values:
        return _("Choose how you want to take part.")
    if registration is not None and registration.status == _Status.DECLINED and registration.role == wish:
        return _("Your request was declined. Please write to the organisers if you have a question.")
    return {
        Window.NOT_YET: _("Registration for this workshop has not opened yet."),
        Window.CLOSED: _("Registration for this workshop is closed."),
    }.get(registration_window(workshop=workshop, at=timezone.now()))


def _enter(
    participant: Participant, workshop: Workshop, registration: Registration | None, role: str, listens: bool
) -> Outcome:
    registration = registration or Registration(participant=participant, workshop=workshop, role=role)
    held = registration.held_roles
    for target, notice in targets_for(workshop, registration, role, listens):
        if held or target.status == _Status.WAITLISTED:
            # Also for who begins to wait: a place given back in this very moment found nobody in the queue.
            promote_after_commit(workshop_id=workshop.pk)
        try:
            with transaction.atomic():
                moved = move(registration, target, notice=notice)
                if target.status == _Status.CONFIRMED and role not in held:
                    require_turn(moved)
                return Outcome(workshop, moved, changed=True)
        except NoPlaceLeft:
            registration = _as_before(registration)
    raise NoPlaceLeft(_("No place is left."))  # pragma: no cover (the waiting list is never full)


def require_turn(registration: Registration) -> None:
    """Asked once the place is taken, and with it the workshop's row: somebody may have begun to wait meanwhile."""
    if waiting_queue(workshop_id=registration.workshop_id, role=registration.role).exists():
        raise NoPlaceLeft(_("Somebody else waits for this place."))


def _as_before(registration: Registration) -> Registration:
    """A fresh object after a rolled-back step: the one at hand carries the state that was refused."""
    kept = Registration.objects.filter(
        participant_id=registration.participant_id, workshop_id=registration.workshop_id
    ).first()
    fresh = kept or Registration(role=registration.role)
    fresh.participant, fresh.workshop = registration.participant, registration.workshop
    return fresh


def targets_for(
    workshop: Workshop, registration: Registration, role: str, listens: bool
) -> list[tuple[Target, Message.Kind]]:
    """The states to try, best first, each with the mail it owes."""
    confirmed = (Target(_Status.CONFIRMED, role), Message.Kind.CONFIRMED)
    if registration.offered_until is not None and registration.role == role:
        # Whether they take the place they answer on their own page; here only the box "listen meanwhile" has changed.
        return [(_waiting(role, listens=listens)[0], Message.Kind.OFFERED)]
    # Stepping back to listening needs nobody's decision, nor does staying with what one is let in for already.
    if registration.admitted_role in {_Role.ACTIVE, role}:
        return [confirmed, _waiting(role, listens=False)]
    if workshop.confirmation == Workshop.Confirmation.MANUAL:
        if registration.status == _Status.WAITLISTED and registration.role == role:
            return [_waiting(role, listens=listens)]
        keeps_listening = registration.admitted_role == _Role.LISTENER and role == _Role.ACTIVE
        return [(Target(_Status.REQUESTED, role, listens=keeps_listening), Message.Kind.RECEIVED)]
    waiting = _waiting(role, listens=listens and role == _Role.ACTIVE)
    somebody_waits = waiting_queue(workshop_id=workshop.pk, role=role).exclude(pk=registration.pk).exists()
    return [waiting] if somebody_waits else [confirmed, waiting]


def _waiting(role: str, *, listens: bool) -> tuple[Target, Message.Kind]:
    return Target(_Status.WAITLISTED, role, listens=listens), Message.Kind.WAITLISTED
