"""What is shown of material: read as it is now and laid upon the sessions of a released programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from workshops.domain.programme import DayEntry, MaterialEntry, Programme, SessionEntry
from workshops.models import Material

_COLUMNS = (
    "session_id", "audience", "id", "kind", "title", "language", "url", "content_type", "size", "digest",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MaterialOf:
    """`shown` by the keys of sessions; `more`: sessions of which only participants see some."""

    shown: Mapping[int, tuple[MaterialEntry, ...]]
    more: frozenset[int]


def material_for(*, audiences: Collection[str], workshops: Collection[int] | None = None) -> MaterialOf:
    """Of the conference on the site, or of these workshops alone: one query."""
    rows = Material.objects.exclude(audience=Material.Audience.ORGANISERS)
    if workshops is None:
        rows = rows.filter(session__day__workshop__conference__is_current=True)
    else:
        rows = rows.filter(session__day__workshop__in=workshops)
    shown: dict[int, list[MaterialEntry]] = defaultdict(list)
    more: set[int] = set()
    for session, audience, *facts in rows.order_by("session", "position", "pk").values_list(*_COLUMNS):
        if audience in audiences:
            shown[session].append(MaterialEntry(*facts))
        else:
            more.add(session)
    return MaterialOf({key: tuple(entries) for key, entries in shown.items()}, frozenset(more))


def with_material(*, programme: Programme, material: MaterialOf) -> Programme:
    """The same programme, each session with what goes with it."""
    if not (material.shown or material.more):
        return programme
    return replace(
        programme,
        workshops=tuple(
            replace(workshop, days=tuple(_day(day, material) for day in workshop.days))
            for workshop in programme.workshops
        ),
    )


def _day(day: DayEntry, material: MaterialOf) -> DayEntry:
    return replace(day, sessions=tuple(_sessions(day.sessions, material)))


def _sessions(sessions: tuple[SessionEntry, ...], material: MaterialOf) -> Iterator[SessionEntry]:
    for session in sessions:
        yield replace(
            session,
            material=material.shown.get(session.id, ()),
            has_more_material=session.id in material.more,
            parts=tuple(_sessions(session.parts, material)),
        )
