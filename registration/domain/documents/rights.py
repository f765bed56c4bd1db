from __future__ import annotations

from django.db.models import Q

from workshops.domain.scope import Scope


def own_documents(scope: Scope) -> Q:
    """About one's own workshops; about all workshops at once only for who leads the conference."""
    if scope.everything:
        return Q()
    of_all = Q(workshop__isnull=True) & scope.whole_conferences("conference")
    return scope.own_workshops("workshop") | of_all
