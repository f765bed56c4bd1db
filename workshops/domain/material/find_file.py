from __future__ import annotations

from collections.abc import Collection

from workshops.domain.programme import Programme
from workshops.models import Material


def find_file(
    *, pk: int, programme: Programme, audiences: Collection[str], workshops: Collection[int] | None = None
) -> Material | None:
    """The row of a file (its data are read when they are asked for), or None where it is not for whoever asks.

    Of sessions that stand in the programme they see, and of these `workshops` only (None: of all).
    """
    material = Material.objects.filter(pk=pk, audience__in=audiences).exclude(digest="").first()
    if material is None:
        return None
    for workshop in programme.workshops:
        if any(session.id == material.session_id for day in workshop.days for session in day.walk()):
            return material if workshops is None or workshop.id in workshops else None
    return None
