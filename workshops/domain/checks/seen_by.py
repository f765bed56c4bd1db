"""Who sees which findings, and who may do something about them."""

from __future__ import annotations

from collections.abc import Iterable

from workshops.domain.checks.finding import Finding
from workshops.domain.scope import Area, Scope


def seen_by(*, findings: Iterable[Finding], scope: Scope, conference_id: int) -> list[Finding]:
    """Who looks after single workshops sees what concerns them, also where another workshop has a part in it."""
    if scope.covers_conference(conference_id):
        return list(findings)
    return [finding for finding in findings if finding.workshops & scope.workshops]


def may_apply(*, finding: Finding, scope: Scope, conference_id: int) -> bool:
    """Nothing of a workshop is changed by people of another one, nor by those who only read its programme."""
    scope = scope.changing(Area.PROGRAMME)
    if finding.proposal is None:
        return False
    return scope.covers_conference(conference_id) or (
        bool(finding.workshops) and finding.workshops <= scope.workshops
    )
