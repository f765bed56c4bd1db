"""Who appears in a session, and what is said of people and organisations wherever they are named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from typing import Any

from workshops.domain.differences.values import Code, Difference
from workshops.domain.programme import AppearanceEntry, OrganisationEntry, Programme, SpeakerEntry

Pair = tuple[AppearanceEntry, AppearanceEntry]
Key = Callable[[AppearanceEntry], object]
_NAME = {"academic_title", "first_name", "last_name", "slug"}


def appearance_differences(
    before: tuple[AppearanceEntry, ...], after: tuple[AppearanceEntry, ...]
) -> Iterator[Difference]:
    """Of one session. The same person in the same role first, then in another one, then who stands in for whom."""
    left, new = list(before), list(after)
    same = _match(left, new, _who_and_role)
    roles = _match(left, new, _who)
    named = _match(left, new, lambda appearance: _house(appearance) or None)
    replaced = _match(left, new, lambda appearance: appearance.role)
    codes = [
        *((pair, code) for pair in same for code in _changes(*pair)),
        *((pair, Code.SPEAKER_ROLE) for pair in roles),
        *((pair, _instead(*pair)) for pair in [*named, *replaced]),
    ]
    for (old, now), code in codes:
        yield Difference(code, before=old, after=now)
    yield from (Difference(Code.SPEAKER_REMOVED, before=gone) for gone in left)
    yield from (Difference(Code.SPEAKER_ADDED, after=added) for added in new)
    orders = [[_who_and_role(appearance) for appearance in those] for those in (before, after)]
    if orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1]):
        yield Difference(Code.SPEAKERS_REORDERED)


def _match(left: list[AppearanceEntry], new: list[AppearanceEntry], key: Key) -> list[Pair]:
    """Takes out of both what agrees in the key."""
    found = []
    for appearance in list(new):
        wanted = key(appearance)
        old = next((other for other in left if wanted is not None and key(other) == wanted), None)
        if old is not None:
            left.remove(old)
            new.remove(appearance)
            found.append((old, appearance))
    return found


def _who_and_role(appearance: AppearanceEntry) -> tuple[str, str, str]:
    if appearance.speaker is not None:
        return appearance.speaker.slug, "", appearance.role
    return "", _house(appearance), appearance.role


def _who(appearance: AppearanceEntry) -> tuple[str, str]:
    return _who_and_role(appearance)[:2]


def _instead(before: AppearanceEntry, after: AppearanceEntry) -> Code:
    return Code.SPEAKER_NAMED if before.is_unnamed and not after.is_unnamed else Code.SPEAKER_REPLACED


def _house(appearance: AppearanceEntry) -> str:
    return appearance.organisation.slug if appearance.organisation is not None else ""


def _changes(before: AppearanceEntry, after: AppearanceEntry) -> Iterator[Code]:
    if before.status != after.status:
        yield Code.SPEAKER_OPENED if after.is_open else Code.SPEAKER_CONFIRMED
    if _full_name(before) != _full_name(after):
        yield Code.SPEAKER_RENAMED
    if _house(before) != _house(after):
        yield Code.SPEAKER_HOUSE


def _full_name(appearance: AppearanceEntry) -> str:
    return appearance.speaker.full_name if appearance.speaker is not None else ""


# Wherever they are named


def detail_differences(before: Programme, after: Programme) -> Iterator[Difference]:
    """Names of people are told where they appear, and whom they appear for as well."""
    people = {speaker.slug: speaker for speaker in before.speakers}
    for speaker in after.speakers:
        yield from _details(Code.SPEAKER_DETAILS, people.get(speaker.slug), speaker)
    houses = organisations_of(before)
    for slug, organisation in organisations_of(after).items():
        yield from _details(Code.ORGANISATION_DETAILS, houses.get(slug), organisation)


def _details(code: Code, before: Any, after: Any) -> Iterator[Difference]:
    if before is None or before == after:
        return
    left_out = _NAME | {"organisation"} if isinstance(after, SpeakerEntry) else {"slug"}
    names = [field.name for field in fields(after) if field.name not in left_out]
    changed = tuple(name for name in names if getattr(before, name) != getattr(after, name))
    if changed:
        yield Difference(code, before=before, after=after, fields=changed)


def organisations_of(programme: Programme) -> dict[str, OrganisationEntry]:
    """All that the programme names, by their slugs."""
    found: list[OrganisationEntry | None] = [speaker.organisation for speaker in programme.speakers]
    for workshop in programme.workshops:
        found.extend(workshop.hosts)
        found.extend(appearance.organisation for _, _, appearance in workshop.appearances())
    return _by_slug(found)


def _by_slug(organisations: Iterable[OrganisationEntry | None]) -> dict[str, OrganisationEntry]:
    return {organisation.slug: organisation for organisation in organisations if organisation is not None}
