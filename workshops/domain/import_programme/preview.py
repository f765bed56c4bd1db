"""The programme as it would be with a draft: carried out, looked at and rolled back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from workshops.clocks import WallClockError
from workshops.domain.build_programme import build_programme
from workshops.domain.checks.check_draft import check_draft
from workshops.domain.checks.finding import Finding, Severity, by_severity
from workshops.domain.checks.findings_for import impossible_times
from workshops.domain.draft.values import Draft
from workshops.domain.import_programme.carry_out import Refusal, carry_out
from workshops.domain.import_programme.changes import Change
from workshops.domain.import_programme.choose import choose
from workshops.domain.import_programme.compare import Comparison, compare_rows
from workshops.domain.import_programme.lock import lock
from workshops.domain.import_programme.problems import not_kept
from workshops.domain.programme import Programme
from workshops.models import Conference


@dataclass(frozen=True, slots=True)
class Preview:
    """`programme` is None where the draft says too little for one, or a day has a time that does not exist."""

    programme: Programme | None
    findings: list[Finding]
    changes: list[Change]
    refused: list[Refusal]


def preview(*, draft: Draft, conference: Conference | None, picked: Collection[str] | None = None) -> Preview:
    """What applying the picked changes (None: all meant by default) would give. Raises StaleChoiceError."""
    with transaction.atomic():
        comparison = compare_rows(draft=draft, conference=lock(conference=conference))
        steps, _also = choose(comparison=comparison, picked=picked)
        carried = carry_out(comparison=comparison, steps=steps)
        programme, findings = _look(comparison, draft)
        transaction.set_rollback(True)
    findings = with_refused(findings=[*findings, *comparison.wanted.problems], refused=carried.refused)
    changes = [step.change for step in comparison.steps]
    return Preview(programme, findings, changes, carried.refused)


def _look(comparison: Comparison, draft: Draft) -> tuple[Programme | None, list[Finding]]:
    conference = comparison.wanted.conference.row
    if not isinstance(conference, Conference):
        return None, []
    conference.refresh_from_db()
    try:
        programme = build_programme(conference=conference)
    except WallClockError:
        return None, impossible_times(conference=conference)
    return programme, check_draft(draft=draft, programme=programme)


def with_refused(*, findings: Sequence[Finding], refused: Sequence[Refusal]) -> list[Finding]:
    """The findings with what could not be kept, unless an error says so of the same line already."""
    errors = {
        place.line for finding in findings if finding.severity == Severity.ERROR for place in finding.places
    }
    own = [_finding(refusal) for refusal in refused if not refusal.follows]
    return by_severity([*findings, *(new for new in own if errors.isdisjoint(p.line for p in new.places))])


def _finding(refusal: Refusal) -> Finding:
    change = refusal.change
    return not_kept(
        lambda: _("%(where)s: %(reason)s") % {"where": change.where, "reason": refusal.reason},
        line=change.lines[0] if change.lines else 0,
    )
