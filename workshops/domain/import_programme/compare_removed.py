"""What is in the programme and not in the draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from workshops.domain.import_programme.changes import Change, Step, digest
from workshops.domain.import_programme.hanging import obstacle_to_removing
from workshops.domain.import_programme.matching import free
from workshops.domain.import_programme.rows import Rows
from workshops.domain.import_programme.said import Said, name_of
from workshops.domain.import_programme.shown import Names, join
from workshops.domain.import_programme.wanted import WantedProgramme, What
from workshops.models import Session, WorkshopDay


class Removals:
    """`moves` are the changes that take a session elsewhere, by its key: they come before what it lay in goes."""

    def __init__(
        self, wanted: WantedProgramme, rows: Rows, names: Names, said: Said, moves: dict[Any, str]
    ) -> None:
        self.wanted, self.rows, self.names, self.said, self.moves = wanted, rows, names, said, moves
        items = [item for workshop in wanted.workshops for item in workshop.walk()]
        self.people = {item.row.pk: item.people for item in items if isinstance(item.row, Session)}

    def steps(self) -> Iterator[Step]:
        for workshop in self.wanted.workshops:
            if workshop.row is not None:
                yield from self.in_workshop(workshop.row.pk, workshop.below)
        if not self.wanted.workshops:
            return
        for row in free(self.rows.workshops, self.wanted.workshops):
            days = self.rows.days.get(row.pk, [])
            sessions = [session for day in days for session in self.rows.sessions_of(day)]
            name = self.names.workshop(row)
            yield self.step("workshop", row, name, name, sessions, by_default=False)
            for day in days:
                yield from self.in_agenda(day, is_gone=True)

    def in_workshop(self, pk: int, items: Sequence[Any]) -> Iterator[Step]:
        days = self.rows.days.get(pk, [])
        gone = free(days, items) if items else []
        for day in days:
            if day in gone:
                yield self.day(day)
            yield from self.in_agenda(day, is_gone=day in gone)

    def day(self, day: WorkshopDay) -> Step:
        group = self.names.owner_of_day(day)
        where = join([group, self.names.day(day)])
        return self.step("day", day, where, group, list(self.rows.sessions_of(day)))

    def in_agenda(self, day: WorkshopDay, *, is_gone: bool) -> Iterator[Step]:
        """Of what goes altogether, the uppermost; what moves elsewhere leaves nothing of its own behind.

        A day of which the draft gives no agenda keeps its own.
        """
        gone: set[int | None] = {None} if is_gone else set()
        for session in self.rows.sessions_of(day) if is_gone or self.is_described(day) else ():
            if session.pk in self.people:
                yield from self.appearances(session)
                continue
            gone.add(session.pk)
            if session.parent_id not in gone:
                yield self.session(session)

    def is_described(self, day: WorkshopDay) -> bool:
        return any(item.row == day and item.below for w in self.wanted.workshops for item in w.below)

    def session(self, session: Session) -> Step:
        what: What = "part" if session.parent_id else "session"
        group = self.names.owner_of_day(self.names.days[session.day_id])
        where = self.names.path_of_session(session)
        return self.step(what, session, where, group, list(self._below(session)))

    def _below(self, session: Session) -> Iterator[Session]:
        for part in self.rows.sessions.get((session.day_id, session.pk), ()):
            yield part
            yield from self._below(part)

    def appearances(self, session: Session) -> Iterator[Step]:
        for row in free(self.rows.appearances.get(session.pk, []), self.people[session.pk]):
            where = join([self.names.path_of_session(session), self.names.appearance(row)])
            yield self.step(
                "appearance", row, where, self.names.owner_of_day(self.names.days[session.day_id]), []
            )

    def step(  # noqa: PLR0913
        self,
        what: What,
        row: Any,
        where: str,
        group: str,
        sessions: Sequence[Session],
        *,
        by_default: bool = True,
    ) -> Step:
        moved = tuple(self.moves[session.pk] for session in sessions if session.pk in self.moves)
        change = Change(
            key=f"removed:{row._meta.model_name}:{row.pk}:{digest(where)}",
            kind="removed",
            what=what,
            where=where,
            object_id=row.pk,
            group=group,
            before=where.rsplit(" › ", 1)[-1],
            detail=_("with everything in it") if sessions or what in {"workshop", "day"} else "",
            depends_on=moved,
            by_default=by_default and name_of(row) in self.said,
            obstacle=obstacle_to_removing(row=row),
        )
        return Step(change, row=row)
