"""What all documents have in common: which workshops and days they are about, and how these are named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from registration.domain.documents.content import Block, Cell, Content, Phrase, Table
from registration.mails.times import moment_text
from registration.models import Document
from workshops.domain.programme import DayEntry, Programme, WorkshopEntry
from workshops.languages import OWN_NAMES, Text
from workshops.templatetags.texts import kind_name, language_names, weekday_date


def events_of(document: Document, programme: Programme) -> tuple[WorkshopEntry, ...]:
    """Of the programme as it stands, in its order."""
    if document.workshop_id is None:
        return programme.workshops
    return tuple(entry for entry in programme.workshops if entry.id == document.workshop_id)


def days_of(document: Document, programme: Programme) -> Iterator[tuple[WorkshopEntry, DayEntry]]:
    """In order of time; what has no time yet comes last on its date."""
    wanted = {entry.id for entry in events_of(document, programme)}
    for date in programme.dates():
        for workshop, day in date.items:
            if workshop.id in wanted and document.day_id in {None, day.id}:
                yield workshop, day


def heading_of(workshop: WorkshopEntry) -> Phrase:
    return Phrase.of(workshop.title)


def day_block(
    entry: WorkshopEntry, day: DayEntry, *tables: Table, facts: tuple[tuple[str, Phrase], ...] = ()
) -> Block:
    return Block(
        overline=f"{kind_name(entry)} · {weekday_date(day.date)}",
        heading=heading_of(entry),
        facts=facts_of(*facts),
        clocks=day.faces,
        legend=day.legend,
        tables=tables,
    )


def facts_of(*facts: tuple[str, Phrase]) -> tuple[tuple[str, Phrase], ...]:
    """What is not known is left out, and so is its label."""
    return tuple((label, said) for label, said in facts if said.text)


def day_keys(entry: WorkshopEntry, day: DayEntry) -> tuple[tuple[str, Cell], ...]:
    return ((_("Workshop"), heading_of(entry)), (_("Date"), day.date))


def hosts_of(workshop: WorkshopEntry) -> Phrase:
    return joined([host.name for host in workshop.hosts], "; ")


def joined(texts: list[Text], between: str = ", ") -> Phrase:
    """Several texts in one line, in the active language where each has it."""
    phrases = [Phrase.of(text) for text in texts]
    languages = {phrase.language for phrase in phrases}
    return Phrase(
        between.join(phrase.text for phrase in phrases), languages.pop() if len(languages) == 1 else ""
    )


def interpretation_of(workshop: WorkshopEntry) -> Phrase:
    return Phrase(language_names(workshop.interpreted_languages))


def platform_of(workshop: WorkshopEntry) -> Phrase:
    return Phrase(workshop.platform.name if workshop.platform else _("to be announced"))


def own_name(code: str) -> str:
    return OWN_NAMES.get(code, "")


def content_of(  # noqa: PLR0913 (how the page is set)
    programme: Programme,
    *,
    title: str,
    blocks: Iterable[Block],
    page_each: bool = False,
    landscape: bool = False,
    is_internal: bool = True,
) -> Content:
    zones = programme.conference.zones
    return Content(
        title=title,
        conference=Phrase.of(programme.conference.name),
        as_of=_("As of %(moment)s") % {"moment": moment_text(timezone.now(), zones)},
        labels=tuple(zone.label for zone in zones),
        blocks=tuple(blocks),
        page_each=page_each,
        landscape=landscape,
        is_internal=is_internal,
    )
