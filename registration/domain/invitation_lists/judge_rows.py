"""Looks up the people of many rows and notes in each what follows; nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registration.domain.invitation_lists.look_up import judge, look_up
from registration.domain.invitation_lists.values import NO_WORKSHOP
from registration.models import InvitationRow
from workshops.models import Conference

AT_ONCE = 1_000
_State, _Outcome = InvitationRow.State, InvitationRow.Outcome


def judge_rows(*, conference: Conference, default: Sequence[int], rows: Sequence[InvitationRow]) -> None:
    """`default` are the keys of the workshops for rows that name none. A few queries for each thousand rows."""
    for some in in_batches([row for row in rows if can_be_judged(row)]):
        known = look_up(conference=conference, emails=[row.email for row in some])
        for row in some:
            verdict = judge(known=known[row.email], wanted=wanted_of(row, default))
            row.state, row.reason, row.reason_value = verdict.state, verdict.reason, ""
            is_malformed = verdict.state == _State.MALFORMED
            row.outcome = _Outcome.REFUSED if is_malformed else _Outcome.WAITING


def wanted_of(row: InvitationRow, default: Sequence[int]) -> tuple[int, ...]:
    return tuple(row.workshops or default)


def can_be_judged(row: InvitationRow) -> bool:
    """Not what could not be read, nor what stands further above already."""
    if row.state == _State.MALFORMED:
        return row.reason == NO_WORKSHOP
    return row.state != _State.DUPLICATE


def in_batches(rows: Sequence[InvitationRow], size: int = AT_ONCE) -> Iterator[Sequence[InvitationRow]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
