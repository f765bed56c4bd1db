"""A participant says which workshops they want, in which role; one transaction for the whole form."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TypedDict, TypeVar, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conference.audit import is_recording
from conference.gathered import gathered
from conference.kept_queries import KeptInsert, KeptUpdate
from conference.query_slots import key, text
from registration.domain.errors import DomainError
from registration.domain.invitation_lifecycle import accept_invitations
from registration.domain.places import has_free_place
from registration.domain.promote import promote_after_commit
from registration.domain.standing import Standing, forget_registrations, lock_standing
from registration.domain.transitions import NoPlaceLeft, Step, Target, ToTell, move_together
from registration.models import Consent, Message, Participant, PrivacyVersion, Registration
from workshops.domain.registration_window import Window, registration_window
from workshops.models import Workshop

NONE = "none"
T = TypeVar("T")
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


_SAID = tuple(detail.name for detail in fields(PersonDetails))


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
    full: Collection[int]
    refused: dict[str, Promise | str] = field(default_factory=dict)


class FilledForm(TypedDict):
    """What a form says: who somebody is, and their wish for each workshop (slug → "none", "listener", "active").

    A workshop not named in `choices` stays as it is. `listens` (slug → bool) is the wish to listen while waiting.
    `consent` is the version agreed to now, on a page in `language`.
    """

    details: PersonDetails
    choices: Mapping[str, str]
    listens: Mapping[str, bool]
    consent: PrivacyVersion | None
    language: str


def submit_registration(*, participant: Participant, **form: Unpack[FilledForm]) -> list[Outcome]:
    """Keeps who the person is and brings each chosen workshop to the state they wish, or the next best.

    Raises ChoicesRefused; nothing is kept then.
    """
    return until_placed(
        lambda full: register_for(standing=lock_standing(participant=participant), full=full, **form)
    )


def until_placed(attempt: Callable[[Collection[int]], T]) -> T:
    """What `attempt` gives, a transaction of its own: anew, where a workshop had no place left after all.

    It is told in which ones (their keys), and aims there for the next best state. Everything before it was taken
    back: nobody holds a workshop's row, which everybody wants, while they think of what else they could have.
    Raises NoPlaceLeft where there is no such state.
    """
    full: set[int] = set()
    while True:
        try:
            with transaction.atomic(), gathered():
                return attempt(frozenset(full))
        except NoPlaceLeft as error:
            if error.workshop_id is None or error.workshop_id in full:
                raise
            full.add(error.workshop_id)


def register_for(
    *, standing: Standing, full: Collection[int] = (), **form: Unpack[FilledForm]
) -> list[Outcome]:
    """The same for whom `lock_standing` has locked. Whatever it raises, the transaction is to be rolled back.

    Raises NoPlaceLeft where it was the last moment for that: see `until_placed`.
    """
    wishes = _Wishes(form["choices"], form["listens"], full)
    plans = _plans(standing, wishes)
    if wishes.refused:
        raise ChoicesRefused(wishes.refused)
    # First of all: the mails that follow are owed in the language chosen here.
    keep_details(standing.participant, form["details"], form["consent"], form["language"])
    if any(plan.status != _Status.CANCELLED for plan in plans):
        accept_invitations(participant=standing.participant)
    forget_registrations(standing)
    # Last of all: it ends with the workshops' rows, which everybody else waits for until the commit.
    return carry_out(plans, to_tell=standing.to_tell)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to become of one choice: the state to enter, with the mail it owes; none where it is so already."""

    workshop: Workshop
    registration: Registration
    step: tuple[Target, Message.Kind] | None

    @property
    def status(self) -> str:
        """What it comes to, or is already."""
        return self.step[0].status if self.step else self.registration.status

    @property
    def frees_or_waits(self) -> bool:
        """Also who begins to wait: a place given back in this very moment found nobody in the queue."""
        return bool(self.registration.held_roles) or self.status == _Status.WAITLISTED


def _plans(standing: Standing, wishes: _Wishes) -> list[Plan]:
    """In the order of workshops; why a choice is refused stands in `wishes.refused`."""
    offered = sorted(standing.workshops, key=lambda workshop: workshop.pk)
    found = [
        _plan(standing.participant, workshop, standing.registrations.get(workshop.pk), wishes)
        for workshop in offered
        if workshop.slug in wishes.choices
    ]
    for slug in set(wishes.choices) - {workshop.slug for workshop in offered}:
        wishes.refused[slug] = _("This workshop is not open to you, or it does not exist.")
    return [plan for plan in found if plan is not None]


def _plan(
    participant: Participant, workshop: Workshop, registration: Registration | None, wishes: _Wishes
) -> Plan | None:
    wish, listens = wishes.choices[workshop.slug], wishes.listens.get(workshop.slug)
    if wish == NONE:
        return _withdrawal(workshop, registration)
    if registration is not None and _is_already(registration, wish, listens):
        return Plan(workshop, registration, None)
    if refusal := refusal_of(workshop, registration, wish):
        wishes.refused[workshop.slug] = refusal
        return None
    registration = registration or Registration(participant=participant, workshop=workshop, role=wish)
    steps = targets_for(workshop, registration, wish, listens is not False)
    # The last one needs no place.
    return Plan(workshop, registration, steps[-1] if workshop.pk in wishes.full else steps[0])


def _withdrawal(workshop: Workshop, registration: Registration | None) -> Plan | None:
    if registration is None or registration.status in {_Status.CANCELLED, _Status.DECLINED}:
        return None
    target = Target(_Status.CANCELLED, registration.role)
    return Plan(workshop, registration, (target, Message.Kind.CANCELLED))


def carry_out(plans: Sequence[Plan], *, to_tell: ToTell | None = None) -> list[Outcome]:
    """Brings one person's registrations to their new states; nobody overtakes those who wait for the same places.

    Raises NoPlaceLeft: see `until_placed`.
    """
    for plan in plans:
        if plan.step and plan.frees_or_waits:
            promote_after_commit(workshop_id=plan.workshop.pk)
    steps = [Step(plan.registration, *plan.step, in_turn=True) for plan in plans if plan.step]
    move_together(steps, to_tell=to_tell)
    return [Outcome(plan.workshop, plan.registration, plan.step is not None) for plan in plans]


def keep_details(
    participant: Participant, details: PersonDetails, consent: PrivacyVersion | None, language: str
) -> None:
    said = {name: getattr(details, name) for name in _SAID}
    if any(getattr(participant, name) != value for name, value in said.items()):
        for name, value in said.items():
            setattr(participant, name, value)
        _save_details(participant, said)
    if consent is not None:
        given = Consent(participant=participant, version=consent, language=language)
        # Where they have consented before, that stands.
        _CONSENT.later([given])


def _save_details(participant: Participant, said: Mapping[str, str]) -> None:
    if is_recording():
        participant.save(update_fields=list(said))
    else:
        _DETAILS.later(participant=participant.pk, **said)


_CONSENT = KeptInsert(Consent, once=True)
_DETAILS = KeptUpdate(
    lambda: Participant.objects.filter(pk=key("participant")),
    **{name: text(name) for name in _SAID},
)


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
    # Whether somebody else waits for it is asked when the place is taken.
    return [confirmed, waiting] if has_free_place(workshop=workshop, role=role) else [waiting]


def _waiting(role: str, *, listens: bool) -> tuple[Target, Message.Kind]:
    return Target(_Status.WAITLISTED, role, listens=listens), Message.Kind.WAITLISTED
