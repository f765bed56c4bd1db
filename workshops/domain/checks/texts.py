"""Translations: missing ones, and those that only repeat another language. One finding a workshop and language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from django.conf import settings
from django.utils.translation import gettext, ngettext

from workshops.domain.checks.finding import Finding, Place, Ref, Severity, in_each_language
from workshops.domain.checks.look import Look, Placed
from workshops.domain.checks.words import day_place, session_place, workshop_name, workshop_place
from workshops.domain.programme import OrganisationEntry, Programme, WorkshopEntry
from workshops.domain.translations.missing import ALWAYS, is_missing, wanted_languages
from workshops.languages import CODES

# Shorter texts are often the same on purpose: "Gallery Walk", "Roundtable", the name of a town.
WORDS = 4


def translations_there(look: Look) -> Iterator[Finding]:
    workshops = look.programme.workshops
    languages = wanted_languages(text for workshop in workshops for _, text in workshop_texts(workshop))
    for name, texts in groups(look):
        for language in languages:
            missing = [place for place, text in texts if is_missing(text, language)]
            if missing:
                yield _missing(name, language, missing)


def _missing(name: Callable[[], str], language: str, missing: list[Place]) -> Finding:
    message = in_each_language(
        lambda: (
            ngettext(
                "%(name)s: %(count)d text is not translated yet (%(language)s).",
                "%(name)s: %(count)d texts are not translated yet (%(language)s).",
                len(missing),
            )
            % {"name": name(), "count": len(missing), "language": language_name(language)}
        )
    )
    severity = Severity.WARNING if language in ALWAYS else Severity.NOTE
    return Finding("translation-missing", severity, message, tuple(each_once(missing)))


def translations_differ(look: Look) -> Iterator[Finding]:
    for name, texts in groups(look):
        for one, other in combinations(CODES, 2):
            same = [
                place
                for place, text in texts
                if not _is_name(place) and _repeats(text.get(one, ""), text.get(other, ""))
            ]
            if same:
                yield _identical(name, one, other, same)


def _is_name(place: Place) -> bool:
    """Organisations keep their own names in other languages."""
    return place.ref is not None and place.ref.model == "organisation"


def _repeats(one: str, other: str) -> bool:
    words = [word for word in one.split() if any(letter.isalpha() for letter in word)]
    return len(words) >= WORDS and one.split() == other.split()


def _identical(name: Callable[[], str], one: str, other: str, same: list[Place]) -> Finding:
    message = in_each_language(
        lambda: (
            ngettext(
                "%(name)s: %(count)d text is the same in two languages (%(one)s, %(other)s).",
                "%(name)s: %(count)d texts are the same in two languages (%(one)s, %(other)s).",
                len(same),
            )
            % {
                "name": name(),
                "count": len(same),
                "one": language_name(one),
                "other": language_name(other),
            }
        )
    )
    return Finding("translation-identical", Severity.WARNING, message, tuple(each_once(same)))


def language_name(code: str) -> str:
    return str(dict(settings.LANGUAGES)[code])


def each_once(places: list[Place]) -> list[Place]:
    """Each place once, in order."""
    return list({place.ref: place for place in places}.values())


def groups(look: Look) -> Iterator[tuple[Callable[[], str], list[Placed]]]:
    """The texts of each workshop, of the conference, and what workshops share, with a name for each group."""
    programme = look.programme
    for workshop in programme.workshops:
        yield (lambda workshop=workshop: workshop_name(workshop)), list(workshop_texts(workshop))  # type: ignore[misc]
    yield (lambda: gettext("Conference")), list(conference_texts(programme))
    yield (lambda: gettext("Speakers, organisations and platforms")), [*shared_texts(programme), *look.unused]


def workshop_texts(workshop: WorkshopEntry) -> Iterator[Placed]:
    place = workshop_place(workshop)
    for text in (workshop.title, workshop.subtitle, workshop.background, workshop.goals, workshop.format):
        yield place, text
    for day in workshop.days:
        place = day_place(workshop, day)
        yield from ((place, text) for text in (day.title, day.description, day.results))
        for session in day.walk():
            place = session_place(workshop, day, session)
            for text in (session.title, session.description, session.guiding_questions):
                yield place, text


def conference_texts(programme: Programme) -> Iterator[Placed]:
    conference = programme.conference
    place = Place(conference.name, Ref("conference", conference.id))
    for text in (
        conference.name,
        conference.tagline,
        conference.description,
        conference.sender_name,
        conference.imprint,
        conference.conciliation_name,
        conference.conciliation_body,
        conference.accessibility_limits,
        conference.easy_language,
        *(zone.meaning for zone in conference.zones),
    ):
        yield place, text


def shared_texts(programme: Programme) -> Iterator[Placed]:
    for speaker in programme.speakers:
        place = Place(dict.fromkeys(CODES, speaker.full_name), Ref("speaker", speaker.slug))
        yield from ((place, text) for text in (speaker.position, speaker.biography))
    for organisation in organisations(programme).values():
        yield Place(organisation.name, Ref("organisation", organisation.slug)), organisation.name
    for platform in {w.platform.name: w.platform for w in programme.workshops if w.platform}.values():
        place = Place(dict.fromkeys(CODES, platform.name), Ref("platform", platform.name))
        yield from ((place, text) for text in (platform.instructions, platform.connection_test))


def organisations(programme: Programme) -> dict[str, OrganisationEntry]:
    """Every organisation that hosts, appears, or sends somebody who does."""
    found = {host.slug: host for workshop in programme.workshops for host in workshop.hosts}
    for workshop in programme.workshops:
        for _, _, appearance in workshop.appearances():
            if appearance.organisation is not None:
                found.setdefault(appearance.organisation.slug, appearance.organisation)
    for speaker in programme.speakers:
        if speaker.organisation is not None:
            found.setdefault(speaker.organisation.slug, speaker.organisation)
    return found
