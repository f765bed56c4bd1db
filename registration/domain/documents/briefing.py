"""What each speaker has to know: when on both clocks, what, with whom, how to join. Never a passcode."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from registration.domain.documents.content import (
    Block,
    Cell,
    Column,
    Content,
    Item,
    Kind,
    Lines,
    Phrase,
    Table,
)
from registration.domain.documents.events import content_of, days_of, facts_of, heading_of, interpretation_of
from registration.domain.documents.run_sheet import contacts_of, name_of, role_of
from registration.models import Document
from workshops.domain.programme import (
    AppearanceEntry,
    DayEntry,
    PlatformEntry,
    Programme,
    SessionEntry,
    SpeakerEntry,
    WorkshopEntry,
)
from workshops.languages import CODES, Text
from workshops.names import name_key
from workshops.templatetags.texts import weekday_date


@dataclass(frozen=True, slots=True)
class Part:
    """One appearance, with everybody else in that item, in the item it is part of, and who moderates that day."""

    workshop: WorkshopEntry
    day: DayEntry
    session: SessionEntry
    appearance: AppearanceEntry
    others: tuple[AppearanceEntry, ...]


def briefing(*, document: Document, programme: Programme) -> Content:
    parts: dict[str, list[Part]] = {}
    speakers: dict[str, SpeakerEntry] = {}
    for part in _parts(document, programme):
        if part.appearance.speaker is not None:
            speakers[part.appearance.speaker.slug] = part.appearance.speaker
            parts.setdefault(part.appearance.speaker.slug, []).append(part)
    contacts = contacts_of(programme.conference.id)
    in_order = sorted(
        speakers.values(), key=lambda speaker: name_key(f"{speaker.last_name} {speaker.first_name}")
    )
    return content_of(
        programme,
        title=_("Speakers’ briefing"),
        blocks=[_block(speaker, parts[speaker.slug], contacts, programme) for speaker in in_order],
        page_each=True,
        landscape=True,
        is_internal=False,
    )


def _parts(document: Document, programme: Programme) -> Iterator[Part]:
    for workshop, day in days_of(document, programme):
        moderators = tuple(
            appearance
            for each in day.walk()
            for appearance in each.appearances
            if appearance.role == "moderator"
        )
        for session, around in _with_parents(day):
            near = tuple(appearance for each in (*around, session) for appearance in each.appearances)
            together = (*near, *moderators)
            for appearance in session.appearances:
                others = tuple(other for other in together if other is not appearance)
                yield Part(workshop, day, session, appearance, others)


def _with_parents(day: DayEntry) -> Iterator[tuple[SessionEntry, tuple[SessionEntry, ...]]]:
    def walk(
        sessions: tuple[SessionEntry, ...], around: tuple[SessionEntry, ...]
    ) -> Iterator[tuple[SessionEntry, tuple[SessionEntry, ...]]]:
        for session in sessions:
            yield session, around
            yield from walk(session.parts, (*around, session))

    return walk(day.sessions, ())


def _block(speaker: SpeakerEntry, parts: list[Part], contacts: dict[str, str], programme: Programme) -> Block:
    house = Phrase.of(speaker.organisation.name) if speaker.organisation else Phrase("")
    workshops = {part.workshop.id: part.workshop for part in parts}
    facts = (
        (_("Position"), Phrase.of(speaker.position)),
        (_("Organisation"), house),
        (_("Contact"), Phrase(contacts.get(speaker.slug, ""))),
        (_("Questions"), Phrase(programme.conference.contact_email)),
    )
    block = Block(
        overline=_("Speakers’ briefing"),
        heading=Phrase(speaker.full_name),
        facts=facts_of(*facts),
        legend=parts[0].day.legend,
        tables=(
            Table(
                name=_("Your appearances"),
                columns=_columns(),
                rows=[_row(part, speaker) for part in parts],
                keys=((_("Speaker"), speaker.full_name), (_("Contact"), contacts.get(speaker.slug, ""))),
            ),
        ),
    )
    return _with_guide(block, list(workshops.values()))


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Date")),
        Column("", Kind.CLOCKS),
        Column(_("Programme item"), Kind.WIDE),
        Column(_("Role")),
        Column(_("With whom"), Kind.WIDE),
        Column(_("Platform and interpretation")),
    )


def _row(part: Part, speaker: SpeakerEntry) -> list[Cell]:
    others = [other for other in part.others if other.speaker is None or other.speaker.slug != speaker.slug]
    named = dict.fromkeys(f"{name_of(other)} ({role_of(other)})" for other in others)
    spoken = interpretation_of(part.workshop).text
    platform = part.workshop.platform.name if part.workshop.platform else _("platform to be announced")
    return [
        weekday_date(part.day.date),
        part.session.faces,
        Item(Phrase.of(part.session.title), (heading_of(part.workshop),)),
        role_of(part.appearance),
        Lines(tuple(Phrase(name) for name in named)),
        Lines((Phrase(platform), *((Phrase(spoken),) if spoken else ()))),
    ]


def _with_guide(block: Block, workshops: list[WorkshopEntry]) -> Block:
    """The platforms' own instructions, once each; access details reach speakers by mail, like everybody else."""
    platforms: dict[str, PlatformEntry] = {}
    for workshop in workshops:
        if workshop.platform and any(workshop.platform.instructions.values()):
            platforms[workshop.platform.name] = workshop.platform
    if not platforms:
        return block
    found = list(platforms.values())
    texts = [_titled(platform) if len(found) > 1 else platform.instructions for platform in found]
    guide = {code: "\n\n".join(text[code] for text in texts if text[code]) for code in CODES}
    heading = _("How to join on %(platform)s") % {"platform": ", ".join(platforms)}
    return replace(block, guide_heading=heading, guide=guide)


def _titled(platform: PlatformEntry) -> Text:
    return {
        code: f"### {platform.name}\n\n{said}" if said else "" for code, said in platform.instructions.items()
    }
