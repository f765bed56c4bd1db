from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone

from workshops.domain.checks import draft_clocks, draft_overview, draft_people, draft_starts
from workshops.domain.checks.check_programme import OF_DRAFTS, check_programme
from workshops.domain.checks.draft_look import DraftLook, on_lines
from workshops.domain.checks.finding import Finding, by_severity
from workshops.domain.draft.values import Draft
from workshops.domain.programme import Programme

DraftCheck = Callable[[DraftLook], Iterable[Finding]]

CHECKS: tuple[DraftCheck, ...] = (
    draft_starts.conference_ends_after_start,
    draft_starts.times_exist,
    draft_clocks.clocks_agree,
    draft_starts.starts_follow_durations,
    draft_overview.overview_agrees,
    draft_people.draft_spells_in_one_way,
)


def check_draft(*, draft: Draft, programme: Programme, at: dt.datetime | None = None) -> list[Finding]:
    """What is wrong with a draft, and with the programme as it would be with it; the worst first.

    Places are the draft's lines wherever an object of the programme was read from one. Nothing is proposed: what is
    only in the draft cannot be changed by a click.
    """
    look = DraftLook(draft, programme)
    own = [finding for check in CHECKS for finding in check(look)]
    found = check_programme(programme=programme, at=at or timezone.now(), checks=OF_DRAFTS)
    return by_severity([*own, *(on_lines(finding, look.lines) for finding in found)])
