from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Sequence

from django.utils import timezone

from registration.domain.access_codes.counted import forget_codes_short
from registration.domain.access_known import admitted
from registration.models import AccessCode, AccessDetails, Registration
from workshops.models import Workshop


def give_codes(*, day_id: int, role: str, registrations: Sequence[Registration]) -> list[Registration]:
    """Gives each of them a code of this day and role, where they have none and there is one; returns those served.

    Codes meant for an address are its owner's alone. One conditional statement decides each time, so that no code is
    given twice whoever comes at the same time; one that was given is never given again.
    """
    has_one = set(
        AccessCode.objects.filter(day=day_id, role=role, registration__in=registrations).values_list(
            "registration", flat=True
        )
    )
    free = _Free(day_id, role)
    served = [row for row in registrations if row.pk not in has_one and _give(row, free)]
    if served:
        forget_codes_short()
    return served


def give_codes_on_admission(*, registration: Registration) -> None:
    """For the days whose details have been announced; the others' codes are given when they are.

    Called while the registration is locked. The workshop is locked as well: else an upload at the same moment, which
    does not see this person yet, and this person, who does not see those codes yet, would miss each other.
    """
    role = registration.admitted_role
    details = AccessDetails.objects.filter(
        day__workshop=registration.workshop_id, role=role or "", personal_codes=True, version__gt=0
    )
    days = list(details.order_by("day").values_list("day", flat=True))
    if not days or role is None:
        return
    lock_workshops([registration.workshop_id])
    for day in days:
        give_codes(day_id=day, role=role, registrations=[registration])


def take_codes_back(*, registration: Registration, given_since: dt.datetime) -> None:
    """The decision that gave them is taken back before anybody was told: what nobody has read is as good as new.

    What the person is still admitted with stays theirs. Called while the registration is locked.
    """
    rows = AccessCode.objects.filter(registration=registration, assigned_at__gte=given_since)
    rows = rows.exclude(role=registration.admitted_role or "")
    if rows.update(registration=None, assigned_at=None):
        forget_codes_short()


def without_code(*, details: AccessDetails) -> list[Registration]:
    """The people admitted to this day and role who have no code, who has been admitted longest first."""
    rows = admitted(workshop_id=details.day.workshop_id, role=details.role).select_related("participant")
    served = AccessCode.objects.filter(day=details.day_id, role=details.role, registration__isnull=False)
    return list(rows.exclude(pk__in=served.values("registration")).order_by("decided_at", "pk"))


def lock_workshops(workshop_ids: Iterable[int]) -> None:
    rows = Workshop.objects.filter(pk__in=set(workshop_ids))
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


class _Free:
    """The codes nobody had when this was read, in the order of the list: for certain addresses, and for anybody."""

    def __init__(self, day_id: int, role: str) -> None:
        rows = AccessCode.objects.filter(day=day_id, role=role, assigned_at__isnull=True)
        self.meant: dict[str, deque[int]] = {}
        self.common: deque[int] = deque()
        for pk, email in rows.order_by("pk").values_list("pk", "email"):
            (self.meant.setdefault(email, deque()) if email else self.common).append(pk)

    def candidates(self, email: str) -> Iterable[int]:
        for queue in (self.meant.get(email), self.common):
            while queue:
                yield queue.popleft()


def _give(registration: Registration, free: _Free) -> bool:
    return any(_take(pk, registration) for pk in free.candidates(registration.participant.email))


def _take(code_id: int, registration: Registration) -> bool:
    """False where somebody else was faster: PostgreSQL waits for them and looks at the row again."""
    untaken = AccessCode.objects.filter(pk=code_id, assigned_at__isnull=True)
    return untaken.update(registration=registration, assigned_at=timezone.now()) == 1
