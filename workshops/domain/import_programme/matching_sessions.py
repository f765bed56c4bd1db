"""Sessions and appearances are told by their words, their people and their place, so that each is found again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workshops.domain.import_programme.guesses import plain
from workshops.domain.import_programme.likeness import likeness_of_titles
from workshops.domain.import_programme.rows import Rows
from workshops.domain.import_programme.said import Said, name_of
from workshops.domain.import_programme.wanted import Wanted, WantedProgramme
from workshops.languages import text_of
from workshops.models import Appearance, Session

Who = frozenset[int | str]


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How alike a wanted session and a row are; None where there is nothing to compare."""

    title: float | None
    people: float | None
    place: float

    @property
    def score(self) -> float:
        title = 0.5 if self.title is None else self.title
        people = 0.5 if self.people is None else self.people
        return 0.55 * title + 0.3 * people + 0.15 * self.place

    @property
    def is_same(self) -> bool:
        """Within one agenda: the same title, a like one with some of the people, or mostly the same people."""
        people = 1.0 if self.people is None else self.people
        if self.title is None:
            return people >= 0.5
        return self.title >= 0.95 or (self.title >= 0.8 and people > 0) or (self.people or 0) >= 0.5

    def is_same_elsewhere(self, *, is_only: bool) -> bool:
        """Many agendas have a welcome and a discussion: elsewhere, people make a session the same one, or a title
        that there is only once.
        """
        if self.title is None:
            return False
        if self.people is None:
            return is_only and self.title == 1
        return self.title >= 0.8 and self.people >= 0.5


def match_sessions(*, wanted: WantedProgramme, rows: Rows, said: Said) -> None:
    """Sets `row` on wanted sessions and appearances: in their own agenda, in their workshop, then anywhere."""
    matcher = _Matcher(wanted.language, rows, said)
    for workshop in wanted.workshops:
        for day in workshop.below:
            if day.row is not None:
                matcher.agenda(day.below, day.row.pk, None)
    for workshop in wanted.workshops:
        if workshop.row is not None:
            days = rows.days.get(workshop.row.pk, ())
            matcher.elsewhere(list(workshop.walk()), [s for day in days for s in rows.sessions_of(day)])
    everything = [item for workshop in wanted.workshops for item in workshop.walk()]
    matcher.elsewhere(everything, list(rows.all_sessions()))
    for item in everything:
        _match_appearances(item, rows)


class _Matcher:
    def __init__(self, language: str, rows: Rows, said: Said) -> None:
        self.language, self.rows, self.said = language, rows, said
        self.taken: set[int] = set()
        self.titles = Counter(plain(text_of(row, "title")[language]) for row in rows.all_sessions())

    def agenda(self, items: Sequence[Wanted], day_id: int, parent_id: int | None) -> None:
        rows = self.rows.sessions.get((day_id, parent_id), [])
        self._best(items, rows, is_here=True)
        self._in_between(items, rows)
        for item in items:
            if item.row is not None:
                self.agenda(item.below, day_id, item.row.pk)

    def elsewhere(self, items: Sequence[Wanted], rows: Sequence[Session]) -> None:
        self._best([item for item in items if item.what in {"session", "part"}], rows, is_here=False)

    def _best(self, items: Sequence[Wanted], rows: Sequence[Session], *, is_here: bool) -> None:
        """The most alike first; of equals, the ones that stand nearest."""
        pairs = [
            (found, item, row)
            for i, item in enumerate(items)
            if item.row is None
            for j, row in enumerate(rows)
            if row.pk not in self.taken
            and self._may(found := self._likeness(item, row, i, j, max(len(items), len(rows))), item, is_here)
        ]
        for _found, item, row in sorted(pairs, key=lambda pair: -pair[0].score):
            if item.row is None and row.pk not in self.taken:
                self._take(item, row)

    def _may(self, found: _Likeness, item: Wanted, is_here: bool) -> bool:
        is_only = self.titles[plain(item.words)] < 2
        return found.is_same if is_here else found.is_same_elsewhere(is_only=is_only)

    def _take(self, item: Wanted, row: Session) -> None:
        item.row = row
        self.taken.add(row.pk)

    def _in_between(self, items: Sequence[Wanted], rows: Sequence[Session]) -> None:
        """One that stands alone between the same neighbours was renamed, unless its people are others, or it was
        added here: no draft knows it by another name then.
        """
        places = {row.pk: index for index, row in enumerate(rows)}
        for i, item in enumerate(items):
            before = self._place(items, i - 1, places, -1)
            after = self._place(items, i + 1, places, len(rows))
            if item.row is not None or before is None or after is None or after - before != 2:
                continue
            row = rows[before + 1]
            found = self._likeness(item, row, i, i, len(items))
            is_drafted = not self.said or name_of(row) in self.said
            if row.pk not in self.taken and is_drafted and (found.people is None or found.people > 0):
                self._take(item, row)

    def _place(self, items: Sequence[Wanted], i: int, places: dict[int, int], edge: int) -> int | None:
        if not 0 <= i < len(items):
            return edge
        row = items[i].row
        return places.get(row.pk) if row is not None else None

    def _likeness(self, item: Wanted, row: Session, i: int, j: int, count: int) -> _Likeness:
        title = likeness_of_titles(item.words, row, self.language)
        people = _people_alike(item, self.rows.appearances.get(row.pk, []), self.rows)
        if title is None and people is None and item.guesses["kind"] != row.kind:
            people = 0.0
        return _Likeness(title, people, 1 - abs(i - j) / max(count, 1))


def _people_alike(item: Wanted, appearances: Sequence[Appearance], rows: Rows) -> float | None:
    """The same people count in full, others from the same organisations count for half."""
    if not item.people and not appearances:
        return None
    people = _shared(
        frozenset(_who(person) for person in item.people), frozenset(_who_is(row) for row in appearances)
    )
    organisations = _shared(
        frozenset(_where(person) for person in item.people) - {""},
        frozenset(_where_is(row, rows) for row in appearances) - {""},
    )
    return max(people, organisations * 0.6)


def _shared(a: Who, b: Who) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def _who(person: Wanted) -> int | str:
    speaker = person.links["speaker"]
    return _identity(speaker) if speaker is not None else f"N.N. {_where(person)}"


def _who_is(row: Appearance) -> int | str:
    return row.speaker_id if row.speaker_id is not None else f"N.N. {row.organisation_id}"


def _where(person: Wanted) -> int | str:
    speaker = person.links["speaker"]
    organisation = person.links["organisation"] or (speaker.links.get("organisation") if speaker else None)
    return _identity(organisation) if organisation is not None else ""


def _where_is(row: Appearance, rows: Rows) -> int | str:
    own = row.organisation_id
    return own or (rows.speakers[row.speaker_id].organisation_id if row.speaker_id else None) or ""


def _identity(item: Wanted) -> int | str:
    return int(item.row.pk) if item.row is not None else item.ident


def _match_appearances(session: Wanted, rows: Rows) -> None:
    """By person and role, by person, then somebody from the same organisation in the place of N.N., or the reverse."""
    left = list(rows.appearances.get(session.row.pk, ())) if session.row is not None else []
    for is_same in (_same_role, _same_person, _named_by_now):
        for person in session.people:
            row = next((row for row in left if person.row is None and is_same(person, row, rows)), None)
            if row is not None:
                person.row = row
                left.remove(row)


def _same_person(person: Wanted, row: Appearance, _rows: Rows) -> bool:
    return _who(person) == _who_is(row)


def _same_role(person: Wanted, row: Appearance, rows: Rows) -> bool:
    return _same_person(person, row, rows) and person.guesses["role"] == row.role


def _named_by_now(person: Wanted, row: Appearance, rows: Rows) -> bool:
    one_is_open = person.links["speaker"] is None or row.speaker_id is None
    same_role = person.guesses["role"] == row.role
    return one_is_open and same_role and _where(person) != "" and _where(person) == _where_is(row, rows)
