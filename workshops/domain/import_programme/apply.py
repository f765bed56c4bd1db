"""Applying a draft: one transaction, everything that was picked, and what is needed to take it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.audit import by_way_of
from conference.models import User
from workshops.domain.draft.values import Draft
from workshops.domain.import_programme.carry_out import Carried, Refusal, carry_out
from workshops.domain.import_programme.changes import Change
from workshops.domain.import_programme.choose import choose
from workshops.domain.import_programme.compare import Comparison, compare_rows
from workshops.domain.import_programme.errors import ImportRefusedError, StaleChoiceError
from workshops.domain.import_programme.lock import lock
from workshops.domain.import_programme.said import say
from workshops.models import Conference, DraftImport, Membership

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """`also` was not picked, but what was picked needs it. `refused` could not be kept, with the reasons."""

    conference: Conference | None
    draft_import: DraftImport
    done: list[Change]
    also: list[Change]
    refused: list[Refusal]


def apply(  # noqa: PLR0913
    *,
    conference: Conference | None,
    draft: Draft,
    picked: Collection[str] | None,
    by: User | None = None,
    draft_import: DraftImport | None = None,
    file_name: str = "",
) -> Applied:
    """Applies the changes whose keys were picked (None: all that are meant by default), and what they need.

    `conference` None makes a new one. `draft_import` is the row of the upload; without one, a row is made for the
    history. Raises StaleChoiceError where a picked change is none any more, ImportRefusedError where the upload was
    applied before.
    """
    with (
        transaction.atomic(),
        by_way_of("import", file=draft_import.file_name if draft_import else file_name),
    ):
        upload = _lock_upload(draft_import, conference, file_name, by)
        locked = lock(conference=conference)
        comparison = compare_rows(draft=draft, conference=locked)
        if locked is None:
            _refuse_a_second(comparison)
        steps, also = choose(comparison=comparison, picked=picked)
        carried = carry_out(comparison=comparison, steps=steps)
        made = _conference_of(comparison, carried, by)
        _keep(upload, made, comparison, carried, by)
    log.info(
        "draft applied", draft_import=str(upload.pk), changes=len(carried.done), refused=len(carried.refused)
    )
    return Applied(made, upload, carried.done, also, carried.refused)


def _lock_upload(
    upload: DraftImport | None, conference: Conference | None, file_name: str, by: User | None
) -> DraftImport:
    if upload is None:
        return DraftImport(conference=conference, file_name=file_name[:200], created_by=by)
    locked = DraftImport.objects.select_for_update().get(pk=upload.pk)
    if locked.status != DraftImport.Status.READ:
        raise ImportRefusedError(_("This draft was applied already, or has not been read."))
    return locked


def _refuse_a_second(comparison: Comparison) -> None:
    """Two people, or two clicks, must not make the same conference twice."""
    wanted = comparison.wanted.conference
    values = {**wanted.guesses, **wanted.values}
    dates = {name: values.get(name) for name in ("starts_on", "ends_on")}
    name = f"name_{comparison.wanted.language}"
    if Conference.objects.filter(**dates, **{name: values.get(name, "")}).exists():
        raise StaleChoiceError(
            _("There is a conference of this name on these days by now. Please import the draft into it.")
        )


def _conference_of(comparison: Comparison, carried: Carried, by: User | None) -> Conference | None:
    """Whoever makes a conference looks after it."""
    conference = comparison.wanted.conference.row
    if not isinstance(conference, Conference):
        return None
    if by is not None and any(
        change.what == "conference" and change.kind == "added" for change in carried.done
    ):
        membership = Membership.objects.create(user=by, conference=conference)
        carried.record.added(membership)
    return conference


def _keep(
    upload: DraftImport,
    conference: Conference | None,
    comparison: Comparison,
    carried: Carried,
    by: User | None,
) -> None:
    """What undoing it takes, and what the next draft is compared with."""
    upload.conference = conference
    upload.status = DraftImport.Status.APPLIED
    upload.applied_at, upload.applied_by = timezone.now(), by
    refused = {refusal.change.key for refusal in carried.refused}
    said = say(
        wanted=comparison.wanted, refused=[step for step in comparison.steps if step.change.key in refused]
    )
    upload.before = {"rows": carried.record.as_json(), "said": said}
    upload.save()
