"""Which of the lists behind the numbers an organiser may open, for each workshop; a number without a list is text."""

from __future__ import annotations

from dataclasses import dataclass

from workshops.domain.scope import Area, Scope
from workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class Reach:
    registrations: bool = True
    people: bool = True
    access: bool = True


def reach_of(scope: Scope, workshop: Workshop) -> Reach:
    def covers(own: Scope) -> bool:
        return own.covers_workshop(conference_id=workshop.conference_id, workshop_id=workshop.pk)

    return Reach(
        registrations=covers(scope.seeing(Area.REGISTRATIONS)),
        people=covers(scope.seeing(Area.PEOPLE)),
        access=covers(scope.changing(Area.ACCESS)),
    )
