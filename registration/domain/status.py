"""The conference's state in numbers, for the operator and for scripts."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from registration.models import Invitation, Message, Registration
from workshops.models import Conference, Workshop


def status(*, conference: Conference) -> dict[str, Any]:
    """Counts only, as `manage.py status --json` prints them; every state is named, also with nobody in it."""
    counted = {
        (row["workshop_id"], row["status"], row["role"]): row["count"]
        for row in Registration.objects.filter(workshop__conference=conference)
        .values("workshop_id", "status", "role")
        .annotate(count=Count("pk"))
    }
    return {
        "workshops": {
            workshop.slug: {
                "capacity_active": workshop.capacity_active,
                "taken_active": workshop.taken_active,
                "registrations": {
                    state: {
                        role: counted.get((workshop.pk, state, role), 0) for role in Registration.Role.values
                    }
                    for state in Registration.Status.values
                },
            }
            for workshop in Workshop.objects.filter(conference=conference)
        },
        "messages": _by_status(Message),
        "invitations": _by_status(Invitation),
    }


def _by_status(model: type[Message] | type[Invitation]) -> dict[str, int]:
    found = dict(model.objects.order_by().values_list("status").annotate(count=Count("pk")))
    return {state: found.get(state, 0) for state in model.Status.values}
