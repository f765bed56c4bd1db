"""What one click does about a finding: only what the check still proposes, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workshops.domain.checks.finding import Finding
from workshops.domain.checks.findings_for import findings_for
from workshops.domain.checks.seen_by import may_apply
from workshops.domain.scope import Scope
from workshops.languages import CODES
from workshops.models import Appearance, Conference, Session, Speaker, Workshop, WorkshopDay


class ProposalError(Exception):
    """`message` is for people, in their language."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Applied:
    """The finding that was dealt with, and the rows that were changed for it."""

    finding: Finding
    changed: tuple[Model, ...]


def apply_proposal(*, conference: Conference, key: str, scope: Scope) -> Applied:
    """Raises ProposalError where it is not proposed any more, not allowed, or refused by the data."""
    try:
        with transaction.atomic():
            Conference.objects.select_for_update().get(pk=conference.pk)
            finding = _proposed(conference, key, scope)
            kind, _colon, rest = key.partition(":")
            return Applied(finding, tuple(_ACTS[kind](conference, rest)))
    except ValidationError as error:
        raise ProposalError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise ProposalError(_("Somebody else changed this at the same time; please try again.")) from error


def _proposed(conference: Conference, key: str, scope: Scope) -> Finding:
    found = [f for f in findings_for(conference=conference) if f.proposal and f.proposal.key == key]
    if not found or not may_apply(finding=found[0], scope=scope, conference_id=conference.pk):
        raise ProposalError(
            _("This is not proposed any more: the programme has changed. Please look at the list again.")
        )
    return found[0]


def _keep(row: Model, **values: object) -> Model:
    """Saved one by one, through the model, so that its rules and everything that listens to it hold."""
    for name, value in values.items():
        setattr(row, name, value)
    row.clean()
    row.validate_constraints()
    row.save(update_fields=list(values))
    return row


def _close_day(conference: Conference, rest: str) -> list[Model]:
    pk, _colon, time = rest.partition(":")
    day = WorkshopDay.objects.select_related("workshop__conference").get(pk=pk)
    return [_keep(day, closes=dt.time.fromisoformat(time))]


def _shorten_parts(conference: Conference, rest: str) -> list[Model]:
    _pk, _colon, lengths = rest.partition(":")
    wanted = {int(pk): int(minutes) for pk, minutes in (pair.split("=") for pair in lengths.split(","))}
    parts = Session.objects.filter(pk__in=wanted).select_related("parent")
    return [_keep(part, duration_minutes=wanted[part.pk]) for part in parts]


def _close_registration(conference: Conference, rest: str) -> list[Model]:
    pk, _colon, moment = rest.partition(":")
    workshop = Workshop.objects.get(pk=pk)
    return [_keep(workshop, registration_closes_at=dt.datetime.fromisoformat(moment))]


def _lower_places(conference: Conference, rest: str) -> list[Model]:
    pk, active, listening = rest.split(":")
    workshop = Workshop.objects.select_for_update().get(pk=pk)
    wanted = {"capacity_active": int(active)}
    if listening:
        wanted["capacity_listener"] = int(listening)
    changed = {name: value for name, value in wanted.items() if getattr(workshop, name) is not None}
    return [_keep(workshop, **changed)]


def _merge_people(conference: Conference, rest: str) -> list[Model]:
    """The appearances move; what only the other entry knows (position, biography, organisation) is kept as well."""
    slugs = rest.split(":")
    people = {
        speaker.slug: speaker for speaker in Speaker.objects.filter(conference=conference, slug__in=slugs)
    }
    kept, merged = (people[slug] for slug in slugs)
    moved = [_move(appearance, kept, merged) for appearance in merged.appearances.select_related("session")]
    names = ("academic_title", "organisation", *_TEXTS)
    lacking = {n: getattr(merged, n) for n in names if not getattr(kept, n) and getattr(merged, n)}
    if lacking:
        _keep(kept, **lacking)
    merged.delete()
    return [kept, *(appearance.session for appearance in moved)]


_TEXTS = tuple(f"{name}_{code}" for name in ("position", "biography") for code in CODES)


def _move(appearance: Appearance, kept: Speaker, merged: Speaker) -> Appearance:
    """Who would then appear twice in one role appears once. They go on standing for the house they were named with."""
    if Appearance.objects.filter(session=appearance.session_id, speaker=kept, role=appearance.role).exists():
        appearance.delete()
        return appearance
    house = appearance.organisation
    if house is None and merged.organisation_id not in {None, kept.organisation_id}:
        house = merged.organisation if kept.organisation_id else None
    _keep(appearance, speaker=kept, organisation=house)
    return appearance


_ACTS: dict[str, Callable[[Conference, str], Sequence[Model]]] = {
    "close-day": _close_day,
    "shorten-parts": _shorten_parts,
    "close-registration": _close_registration,
    "lower-places": _lower_places,
    "merge-people": _merge_people,
}
