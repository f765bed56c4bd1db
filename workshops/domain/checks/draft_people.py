"""One person under two spellings, within a draft, or in the draft and in the programme."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

from django.utils.translation import gettext

from workshops.domain.checks.draft_look import DraftLook, bare_name, every_session
from workshops.domain.checks.finding import Finding, Place, Ref, Severity, in_each_language
from workshops.domain.checks.spelling import is_same_person
from workshops.languages import CODES
from workshops.names import fold


@dataclass(frozen=True, slots=True)
class _Named:
    """`house` is folded; empty where the person is not said to belong to any."""

    name: str
    house: str
    place: Place


def draft_spells_in_one_way(look: DraftLook) -> Iterator[Finding]:
    drafted: dict[str, _Named] = {}
    for person in _drafted(look):
        drafted.setdefault(person.name, person)
    known = [person for person in _known(look) if person.name not in drafted]
    for one, other in (*combinations(drafted.values(), 2), *product(drafted.values(), known)):
        if is_same_person(("", one.name), ("", other.name), same_house=_same_house(one.house, other.house)):
            yield _spelled_twice(one, other)


def _drafted(look: DraftLook) -> Iterator[_Named]:
    for session in every_session(day for workshop in look.draft.workshops for day in workshop.days):
        for appearance in session.appearances:
            if appearance.name:
                line = appearance.line or session.line
                place = Place(dict.fromkeys(CODES, appearance.name), line=line)
                yield _Named(bare_name(appearance.name), fold(appearance.organisation), place)


def _known(look: DraftLook) -> Iterator[_Named]:
    for speaker in look.programme.speakers:
        house = speaker.organisation.name[look.draft.language] if speaker.organisation else ""
        place = Place(dict.fromkeys(CODES, speaker.full_name), Ref("speaker", speaker.slug))
        yield _Named(f"{speaker.first_name} {speaker.last_name}", fold(house), place)


def _same_house(one: str, other: str) -> bool:
    """Drafts shorten: "Deutscher Städtetag" and "Deutscher Städtetag (DST)" are one."""
    return one in other or other in one


def _spelled_twice(one: _Named, other: _Named) -> Finding:
    message = in_each_language(
        lambda: (
            gettext("“%(one)s” and “%(other)s” look like one person, spelled in two ways.")
            % {"one": one.name, "other": other.name}
        )
    )
    return Finding("name-spelled-differently", Severity.WARNING, message, (one.place, other.place))
