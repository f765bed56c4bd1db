from __future__ import annotations

from typing import Any

from registration.models import Attendance, Registration
from workshops.models import WorkshopDay


def mark_present(*, registration: Registration, day: WorkshopDay, is_present: bool) -> None:
    """An organiser says that somebody was there all day, or takes that back; what others sources say stays."""
    own: dict[str, Any] = {"registration": registration, "day": day, "source": Attendance.Source.ORGANISER}
    if is_present:
        Attendance.objects.get_or_create(**own)
    else:
        # One by one: the log of changes sees it.
        for row in Attendance.objects.filter(**own):
            row.delete()
