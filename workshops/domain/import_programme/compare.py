"""The differences between a draft and the programme as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from workshops.clocks import Zone
from workshops.domain.draft.values import Draft
from workshops.domain.import_programme.changes import Change, Kind, Shown, Step, digest
from workshops.domain.import_programme.compare_removed import Removals
from workshops.domain.import_programme.fields import FieldChange, field_changes
from workshops.domain.import_programme.matching import match
from workshops.domain.import_programme.removed_here import removed_here, taken_out
from workshops.domain.import_programme.rows import Rows, read_rows
from workshops.domain.import_programme.said import Said, name_of, read_imports, said_in
from workshops.domain.import_programme.shown import Names, detail_of, path_of
from workshops.domain.import_programme.want import ZONES, want
from workshops.domain.import_programme.wanted import Wanted, WantedProgramme
from workshops.models import Conference, Session


@dataclass(slots=True)
class Comparison:
    wanted: WantedProgramme
    rows: Rows
    steps: list[Step]


def compare(*, draft: Draft, conference: Conference | None) -> list[Change]:
    """What would be added, changed and removed; with `conference` None, everything is new."""
    return [step.change for step in compare_rows(draft=draft, conference=conference).steps]


def compare_rows(*, draft: Draft, conference: Conference | None) -> Comparison:
    """The same, with the rows to carry it out on."""
    zones = conference.zones if conference is not None else ZONES
    wanted = want(draft=draft, zones=zones)
    rows = read_rows(conference=conference)
    imports = read_imports(conference=conference)
    said = said_in(imports=imports)
    match(wanted=wanted, rows=rows, said=said)
    lost = removed_here(wanted=wanted, rows=rows, said=said, taken=taken_out(imports=imports))
    return Comparison(wanted, rows, _Compare(wanted, rows, zones, said, lost).steps())


class _Compare:
    def __init__(
        self,
        wanted: WantedProgramme,
        rows: Rows,
        zones: tuple[Zone, Zone],
        said: Said,
        lost: dict[Wanted, str],
    ) -> None:
        """`lost` are the names of the rows that were removed here, by what is wanted again."""
        self.wanted, self.rows, self.zones, self.said, self.lost = wanted, rows, zones, said, lost
        self.names = Names(rows, wanted.language)
        self.keys: dict[Wanted, str] = {}

    def steps(self) -> list[Step]:
        steps: list[Step] = []
        for item in self.wanted.everything():
            steps.extend(self.added(item) if item.row is None else self.changed(item))
        moves = {
            step.row.pk: step.change.key
            for step in steps
            if step.change.field == "place" and step.row is not None
        }
        return [*steps, *Removals(self.wanted, self.rows, self.names, self.said, moves).steps()]

    # Added

    def added(self, item: Wanted) -> Iterator[Step]:
        """Whoever appears in a new session comes with it."""
        if item.what == "appearance" and item.parent is not None and item.parent.row is None:
            return
        reason = self.why_not(item)
        change = Change(
            key=self.key(item),
            kind="added",
            what=item.what,
            where=path_of(item),
            group=self.group(item),
            after=item.words,
            detail=detail_of(item),
            lines=item.lines,
            depends_on=self.needs(item),
            by_default=not reason,
            reason=reason,
        )
        yield Step(change, item)

    def why_not(self, item: Wanted | None) -> str:
        """Why it is not meant to come: it was removed here, or what it lies in was. Empty for what is new."""
        if item in self.lost:
            return _("Not picked: an earlier draft had brought this, and it was removed here since.")
        while item is not None:
            if item in self.lost:
                return _("Not picked: what it belongs to was removed here since.")
            item = item.parent
        return ""

    def key(self, item: Wanted) -> str:
        if item not in self.keys:
            people = [(p.values, [link and link.ident for link in p.links.values()]) for p in item.people]
            parts = (item.values, people, [host.ident for host in item.hosts])
            self.keys[item] = f"added:{item.ident}:{digest(*parts)}"
        return self.keys[item]

    def needs(self, item: Wanted) -> tuple[str, ...]:
        """The keys of what has to be there first."""
        needed = [item.parent, *item.links.values(), *item.hosts]
        needed += [link for person in item.people for link in person.links.values()]
        if item.what != "conference":
            needed.append(self.wanted.conference)
        return tuple(
            dict.fromkeys(self.key(other) for other in needed if other is not None and other.row is None)
        )

    def group(self, item: Wanted) -> str:
        owner = item.owner
        return owner.words if owner.what == "workshop" else ""

    # Changed

    def changed(self, item: Wanted) -> Iterator[Step]:
        for found in field_changes(item, self.rows, self.names, self.zones):
            step = self.step(item, found)
            if step is not None:
                yield step
        if (order := self.order(item)) is not None:
            yield order

    def step(self, item: Wanted, found: FieldChange) -> Step | None:
        """None where only the spelling differs and the draft has not changed it since it was last imported."""
        assert item.row is not None  # noqa: S101 (asked by the caller)
        before = [self.said.get(name_of(item.row, column)) for column in found.columns]
        now = [
            digest(item.values[c]) if c in item.values else self.link_digest(item, c) for c in found.columns
        ]
        if found.is_cosmetic and (before == now or not any(before)):
            return None
        by_default = (not found.columns or before != now) and not (found.is_doubtful and not any(before))
        if found.field == "place":
            by_default = not self.was_moved_here(item)
        return Step(
            self.change(item, "changed", found, by_default=by_default and not found.reason),
            item,
            item.row,
            found.writes,
            found.links,
        )

    def was_moved_here(self, item: Wanted) -> bool:
        """The draft has it where it had it before."""
        parent = item.parent
        if parent is None:
            return False
        there = name_of(parent.row) if parent.row is not None else self.lost.get(parent)
        return there is not None and self.said.get(name_of(item.row)) == there

    def link_digest(self, item: Wanted, name: str) -> str:
        if name == "hosts":
            return digest([host.ident for host in item.hosts])
        link = item.links.get(name)
        return digest(link and link.ident)

    def change(self, item: Wanted, kind: Kind, found: FieldChange, *, by_default: bool = True) -> Change:
        row: Any = item.row
        return Change(
            key=f"{kind}:{row._meta.model_name}:{row.pk}:{found.field}:{digest(found.before, found.after)}",
            kind=kind,
            what=item.what,
            where=path_of(item),
            object_id=row.pk,
            group=self.group(item),
            field=found.field,
            before=found.before,
            after=found.after,
            lines=item.lines,
            depends_on=tuple(
                dict.fromkeys(self.key(link) for link in found.needs if link is not None and link.row is None)
            ),
            by_default=by_default,
            reason=found.reason,
        )

    # The order of an agenda

    def order(self, item: Wanted) -> Step | None:
        """The sessions of a day, or the parts of a session, in another order than they have."""
        if item.what not in {"day", "session", "part"}:
            return None
        here = [child for child in item.below if child.row is not None and _lies_in(child, item)]
        sessions = [child.row for child in here]
        ordered = sorted(sessions, key=lambda row: (row.position, row.pk))  # type: ignore[union-attr]
        if ordered == sessions:
            return None
        found = FieldChange("order", self.titles(ordered), self.titles(sessions))
        return Step(self.change(item, "changed", found), item, item.row)

    def titles(self, rows: Sequence[Any]) -> Shown:
        return [self.names.text(row) for row in rows]


def _lies_in(child: Wanted, item: Wanted) -> bool:
    assert isinstance(child.row, Session)  # noqa: S101 (only sessions lie in days and sessions)
    assert item.row is not None  # noqa: S101
    if item.what == "day":
        return bool(child.row.day_id == item.row.pk and child.row.parent_id is None)
    return bool(child.row.parent_id == item.row.pk)
