from __future__ import annotations

from django.contrib.contenttypes.models import ContentType

from workshops.models import Conference, Workshop


def lock(*, conference: Conference | None) -> Conference | None:
    """One import of a conference at a time; while there is none, one that makes a conference at a time."""
    if conference is None:
        ContentType.objects.select_for_update().get(pk=ContentType.objects.get_for_model(Conference).pk)
        return None
    locked = Conference.objects.select_for_update(no_key=True).get(pk=conference.pk)
    # In the order in which registrations lock them.
    list(Workshop.objects.select_for_update(no_key=True).filter(conference=locked).order_by("pk"))
    return locked
