"""People: in one place at a time, named, and spelled in one way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from django.utils.translation import gettext, ngettext

from workshops.domain.checks.dates import overlap
from workshops.domain.checks.finding import Finding, Place, Proposal, Ref, Severity, in_each_language
from workshops.domain.checks.look import Look
from workshops.domain.checks.spelling import is_same_person
from workshops.domain.checks.words import day_name, session_name, session_place, span, who
from workshops.domain.programme import AppearanceEntry, DayEntry, SessionEntry, SpeakerEntry, WorkshopEntry

Spot = tuple[WorkshopEntry, DayEntry, SessionEntry]


def person_in_one_place(look: Look) -> Iterator[Finding]:
    """Within one agenda items follow each other, and parts lie in the item they belong to: only two days can clash."""
    for speaker, spots in _spots(look).items():
        by_day: dict[int, list[Spot]] = defaultdict(list)
        for spot in spots:
            by_day[spot[1].id].append(spot)
        for one, other in combinations(by_day.values(), 2):
            clashes = [(a, b) for a in one for b in other if overlap(a[2], b[2])]
            if clashes:
                yield _twice(speaker, clashes)


def _spots(look: Look) -> dict[str, list[Spot]]:
    spots: dict[str, list[Spot]] = defaultdict(list)
    for workshop in look.programme.workshops:
        for day, session, appearance in workshop.appearances():
            if appearance.speaker is not None:
                spots[appearance.speaker.slug].append((workshop, day, session))
    return spots


def _twice(slug: str, clashes: list[tuple[Spot, Spot]]) -> Finding:
    first, second = clashes[0]
    message = in_each_language(
        lambda: (
            gettext("%(person)s is needed in two places at once: %(first)s, and %(second)s.")
            % {"person": _name(slug, first[2]), "first": _when(first), "second": _when(second)}
        )
    )
    spots = {spot[2].id: spot for pair in clashes for spot in pair}
    places = tuple(session_place(*spot) for spot in spots.values())
    return Finding("person-twice", Severity.WARNING, message, places)


def _name(slug: str, session: SessionEntry) -> str:
    return next(a.speaker.full_name for a in session.appearances if a.speaker and a.speaker.slug == slug)


def _when(spot: Spot) -> str:
    workshop, day, session = spot
    return f"{day_name(workshop, day)}, “{session_name(session)}” ({span(session.faces)})"


def speakers_named(look: Look) -> Iterator[Finding]:
    for spot in look.sessions():
        for index, appearance in enumerate(spot[2].appearances):
            if appearance.is_open or appearance.is_unnamed:
                yield _open(look, spot, index, appearance)


def _open(look: Look, spot: Spot, index: int, appearance: AppearanceEntry) -> Finding:
    workshop, day, session = spot

    def message() -> str:
        known = {"day": day_name(workshop, day), "session": session_name(session), "who": who(appearance)}
        if appearance.is_unnamed:
            return gettext("%(day)s, “%(session)s”: nobody is named yet (%(who)s).") % known
        return gettext("%(day)s, “%(session)s”: %(who)s is still to be confirmed.") % known

    return Finding(
        "speaker-open",
        look.urgency(look.begins(day)),
        in_each_language(message),
        (session_place(workshop, day, session, index),),
    )


def people_spelled_in_one_way(look: Look) -> Iterator[Finding]:
    spots = _spots(look)
    for one, other in combinations(look.programme.speakers, 2):
        if is_same_person(
            (one.first_name, one.last_name),
            (other.first_name, other.last_name),
            same_house=_may_be_one_house(one, other),
        ):
            kept, merged = sorted((one, other), key=lambda speaker: _weight(speaker, spots), reverse=True)
            yield _spelled_twice(kept, merged, spots)


def _may_be_one_house(one: SpeakerEntry, other: SpeakerEntry) -> bool:
    houses = {speaker.organisation.slug for speaker in (one, other) if speaker.organisation}
    return len(houses) < 2


def _weight(speaker: SpeakerEntry, spots: dict[str, list[Spot]]) -> tuple[int, int, str]:
    """The one with more appearances stays; of two alike the one with marks on its letters, which others drop."""
    marks = sum(not letter.isascii() for letter in speaker.full_name)
    return len(spots[speaker.slug]), marks, speaker.slug


def _spelled_twice(kept: SpeakerEntry, merged: SpeakerEntry, spots: dict[str, list[Spot]]) -> Finding:
    names = {"one": kept.full_name, "other": merged.full_name}
    message = in_each_language(
        lambda: gettext("“%(one)s” and “%(other)s” look like one person, entered twice.") % names
    )
    moved = len(spots[merged.slug])
    label = in_each_language(
        lambda: (
            ngettext(
                "Keep “%(one)s”, move %(count)d appearance of “%(other)s” there and delete that entry",
                "Keep “%(one)s”, move %(count)d appearances of “%(other)s” there and delete that entry",
                moved,
            )
            % {**names, "count": moved}
        )
    )
    places = (
        *(
            Place(dict.fromkeys(("de", "tr", "en"), s.full_name), Ref("speaker", s.slug))
            for s in (kept, merged)
        ),
        *_workshops_of(spots[kept.slug] + spots[merged.slug]),
    )
    proposal = Proposal(f"merge-people:{kept.slug}:{merged.slug}", label)
    return Finding("name-spelled-differently", Severity.WARNING, message, places, proposal)


def _workshops_of(spots: list[Spot]) -> Iterator[Place]:
    """The sessions it is about, so that it is known whose workshops are concerned."""
    for workshop, day, session in {spot[2].id: spot for spot in spots}.values():
        yield session_place(workshop, day, session)
