"""Slides and links of the workshops somebody is confirmed for, as their own page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from registration.models import Registration
from workshops.domain.material import MaterialOf, material_for
from workshops.domain.programme import MaterialEntry, SessionEntry, WorkshopEntry
from workshops.models import Material

FOR_PARTICIPANTS = (Material.Audience.EVERYBODY, Material.Audience.PARTICIPANTS)
SessionMaterial = tuple[SessionEntry, tuple[MaterialEntry, ...]]


def admitted_workshops(*, registrations: Iterable[Registration]) -> frozenset[int]:
    """The keys of the workshops one may come in to today: whoever waits, asks or has cancelled may not."""
    return frozenset(row.workshop_id for row in registrations if row.admitted_role is not None)


def own_material(
    *, registrations: Iterable[Registration], entries: Iterable[WorkshopEntry]
) -> Mapping[int, tuple[SessionMaterial, ...]]:
    """By workshop, in the order of its programme; asks nothing where somebody is confirmed for nothing."""
    admitted = admitted_workshops(registrations=registrations)
    if not admitted:
        return {}
    material = material_for(audiences=FOR_PARTICIPANTS, workshops=admitted)
    return {entry.id: _of_sessions(entry, material) for entry in entries if entry.id in admitted}


def _of_sessions(entry: WorkshopEntry, material: MaterialOf) -> tuple[SessionMaterial, ...]:
    sessions = (session for day in entry.days for session in day.walk())
    return tuple(
        (session, material.shown[session.id]) for session in sessions if session.id in material.shown
    )
