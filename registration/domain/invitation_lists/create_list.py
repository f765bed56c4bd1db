from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from conference.models import User
from registration.domain.invitation_lists.judge_rows import AT_ONCE, judge_rows, wanted_of
from registration.domain.invitation_lists.values import (
    ADDED_THERE,
    NAMED_BEFORE,
    UNKNOWN_WORKSHOP,
    Given,
    GivenRow,
)
from registration.domain.invitation_lists.workshops_named import WorkshopsNamed
from registration.models import InvitationList, InvitationRow
from workshops.models import Conference, Workshop

_State, _Outcome = InvitationRow.State, InvitationRow.Outcome


def create_list(  # noqa: PLR0913 (what holds for the whole list)
    *,
    conference: Conference,
    given: Given,
    workshops: Sequence[Workshop],
    allowed: Iterable[Workshop],
    language: str = "",
    name: str,
    by: User | None = None,
) -> InvitationList:
    """Keeps the rows for a preview; nothing is sent. `allowed` are the workshops that rows may name."""
    default = [workshop.pk for workshop in workshops]
    rows = _rows(given.rows, WorkshopsNamed(allowed), default)
    judge_rows(conference=conference, default=default, rows=rows)
    # Read and looked up before: the transaction lasts no longer than writing takes.
    with transaction.atomic():
        kept = InvitationList.objects.create(
            conference=conference, name=name[:200], language=language, created_by=by
        )
        kept.workshops.set(default)
        kept.named_workshops.set({key for row in rows for key in row.workshops})
        for row in rows:
            row.invitation_list = kept
        InvitationRow.objects.bulk_create(rows, batch_size=AT_ONCE)
    return kept


def _rows(given: Iterable[GivenRow], named: WorkshopsNamed, default: Sequence[int]) -> list[InvitationRow]:
    first: dict[str, InvitationRow] = {}
    rows = [_row(position, row, named) for position, row in enumerate(given, 1)]
    for row in rows:
        if row.state == _State.MALFORMED:
            continue
        if (earlier := first.setdefault(row.email, row)) is not row:
            _merge(earlier, row, default)
    return rows


def _row(position: int, given: GivenRow, named: WorkshopsNamed) -> InvitationRow:
    keys, unknown = named.keys_of(given.workshops)
    problem, value = given.problem, given.problem_value
    if unknown and not problem:
        problem, value = UNKNOWN_WORKSHOP, unknown[:120]
    return InvitationRow(
        position=position,
        line=given.line,
        typed=given.typed,
        email=given.email,
        first_name=given.first_name,
        last_name=given.last_name,
        organisation=given.organisation,
        language=given.language,
        workshops=list(keys),
        state=_State.MALFORMED if problem else _State.NEW,
        outcome=_Outcome.REFUSED if problem else _Outcome.WAITING,
        reason=problem,
        reason_value=value,
    )


def _merge(earlier: InvitationRow, row: InvitationRow, default: Sequence[int]) -> None:
    """One person gets one mail: what a second row asks for goes to the first one."""
    before, more = wanted_of(earlier, default), wanted_of(row, default)
    added = [key for key in more if key not in before]
    if added:
        earlier.workshops = [*before, *added]
    row.state, row.outcome = _State.DUPLICATE, _Outcome.SKIPPED
    row.reason, row.reason_value = ADDED_THERE if added else NAMED_BEFORE, str(earlier.line)
