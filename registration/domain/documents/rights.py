from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from registration.models import Document
from workshops.domain.scope import Area, Right, Scope

_Kind = Document.Kind
# What names people is for who looks after them; speakers’ contacts are for who writes the programme.
AREAS = {
    _Kind.PARTICIPANTS: Area.PEOPLE,
    _Kind.SIGN_IN: Area.PEOPLE,
    _Kind.CERTIFICATES: Area.PEOPLE,
    _Kind.RUN_SHEET: Area.PROGRAMME,
    _Kind.BRIEFING: Area.PROGRAMME,
}


def own_documents(scope: Scope) -> Q:
    """About one's own workshops; about all workshops at once only for who looks after the conference."""
    if scope.everything:
        return Q()
    return reduce(or_, (_of_kind(kind, scope.changing(area)) for kind, area in AREAS.items()))


def kinds_for(scope: Scope) -> list[str]:
    """Those this organiser can ask for at all."""
    return [kind for kind, area in AREAS.items() if scope.changing(area).grants(Right.TEAM)]


def _of_kind(kind: str, scope: Scope) -> Q:
    of_all = Q(workshop__isnull=True) & scope.whole_conferences("conference")
    return Q(kind=kind) & (scope.own_workshops("workshop") | of_all)
