"""What is shown of material: read as it is now and laid upon the sessions of a released programme."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from django.db.models import QuerySet

from conference.kept_queries import KeptQuery
from conference.query_slots import key
from workshops.domain.programme import DayEntry, MaterialEntry, Programme, SessionEntry
from workshops.models import Material

_FACTS = ("id", "kind", "title", "language", "url", "content_type", "size", "digest")


@dataclass(frozen=True, slots=True)
class MaterialOf:
    """`shown` by the keys of sessions; `more`: sessions of which only participants see some."""

    shown: Mapping[int, tuple[MaterialEntry, ...]]
    more: frozenset[int]


def material_for(*, audiences: Collection[str], workshops: Collection[int] | None = None) -> MaterialOf:
    """Of the conference on the site, or of these workshops alone: one query."""
    shown: dict[int, list[MaterialEntry]] = defaultdict(list)
    more: set[int] = set()
    for row in _rows(workshops):
        if row.audience in audiences:
            shown[row.session_id].append(MaterialEntry(*(getattr(row, name) for name in _FACTS)))
        else:
            more.add(row.session_id)
    return MaterialOf({pk: tuple(entries) for pk, entries in shown.items()}, frozenset(more))


def _rows(workshops: Collection[int] | None) -> Iterable[Material]:
    if workshops is None:
        return _all_but_organisers().filter(session__day__workshop__conference__is_current=True)
    if len(workshops) == 1:
        return _OF_ONE_WORKSHOP.all(workshop=next(iter(workshops)))
    return _all_but_organisers().filter(session__day__workshop__in=workshops)


def _all_but_organisers() -> QuerySet[Material]:
    rows = Material.objects.exclude(audience=Material.Audience.ORGANISERS).order_by(
        "session", "position", "pk"
    )
    return rows.only("session", "audience", *_FACTS)


_OF_ONE_WORKSHOP: KeptQuery[Material] = KeptQuery(
    lambda: _all_but_organisers().filter(session__day__workshop=key("workshop"))
)


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
