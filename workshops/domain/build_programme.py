"""Builds the programme's values from the database, deriving every start from order and duration."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Prefetch

from workshops.clocks import Zone, faces, instant
from workshops.domain.programme import (
    AppearanceEntry,
    ConferenceEntry,
    DayEntry,
    OrganisationEntry,
    PlatformEntry,
    Programme,
    SessionEntry,
    SpeakerEntry,
    WorkshopEntry,
    day_faces,
)
from workshops.languages import text_of
from workshops.models import (
    Appearance,
    Conference,
    Organisation,
    Platform,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
)
from workshops.names import name_key


def build_programme(*, conference: Conference) -> Programme:
    """The programme as it stands in the database now, with a fixed number of queries."""
    speakers = {
        speaker.pk: _speaker(speaker)
        for speaker in Speaker.objects.filter(conference=conference).select_related("organisation")
    }
    workshops = (
        Workshop.objects.filter(conference=conference)
        .select_related("platform")
        .prefetch_related(
            "workshop_hosts__organisation",
            Prefetch("days__sessions", Session.objects.order_by("position", "pk")),
            Prefetch("days__sessions__appearances", Appearance.objects.select_related("organisation")),
        )
    )
    entries = tuple(_workshop(workshop, conference.zones, speakers) for workshop in workshops)
    appearing = {speaker.slug for entry in entries for speaker in entry.speakers}
    return Programme(
        conference=_conference(conference),
        workshops=entries,
        speakers=tuple(
            sorted(
                (speaker for speaker in speakers.values() if speaker.slug in appearing),
                key=lambda speaker: name_key(f"{speaker.last_name} {speaker.first_name}"),
            )
        ),
    )


def _conference(conference: Conference) -> ConferenceEntry:
    return ConferenceEntry(
        id=conference.pk,
        slug=conference.slug,
        name=text_of(conference, "name"),
        tagline=text_of(conference, "tagline"),
        description=text_of(conference, "description"),
        starts_on=conference.starts_on,
        ends_on=conference.ends_on,
        zones=conference.zones,
        contact_email=conference.contact_email,
        sender_name=text_of(conference, "sender_name"),
        imprint=text_of(conference, "imprint"),
        conciliation_body=text_of(conference, "conciliation_body"),
        conciliation_name=text_of(conference, "conciliation_name"),
        conciliation_website=conference.conciliation_website,
        accessibility_limits=text_of(conference, "accessibility_limits"),
        statement_written_on=conference.statement_written_on,
        statement_reviewed_on=conference.statement_reviewed_on,
        easy_language=text_of(conference, "easy_language"),
        sign_video=text_of(conference, "sign_video"),
    )


def _organisation(organisation: Organisation | None) -> OrganisationEntry | None:
    if organisation is None:
        return None
    return OrganisationEntry(
        slug=organisation.slug,
        kind=organisation.kind,
        name=text_of(organisation, "name"),
        short_name=organisation.short_name,
        country=str(organisation.country or ""),
        website=organisation.website,
    )


def _speaker(speaker: Speaker) -> SpeakerEntry:
    return SpeakerEntry(
        slug=speaker.slug,
        academic_title=speaker.academic_title,
        first_name=speaker.first_name,
        last_name=speaker.last_name,
        position=text_of(speaker, "position"),
        biography=text_of(speaker, "biography"),
        organisation=_organisation(speaker.organisation),
    )


def _platform(platform: Platform | None) -> PlatformEntry | None:
    if platform is None:
        return None
    return PlatformEntry(
        name=platform.name,
        website=platform.website,
        instructions=text_of(platform, "instructions"),
        connection_test=text_of(platform, "connection_test"),
    )


def _workshop(
    workshop: Workshop, zones: tuple[Zone, ...], speakers: dict[int, SpeakerEntry]
) -> WorkshopEntry:
    hosts = (_organisation(host.organisation) for host in workshop.workshop_hosts.all())
    return WorkshopEntry(
        id=workshop.pk,
        slug=workshop.slug,
        kind=workshop.kind,
        number=workshop.number,
        title=text_of(workshop, "title"),
        subtitle=text_of(workshop, "subtitle"),
        background=text_of(workshop, "background"),
        goals=text_of(workshop, "goals"),
        format=text_of(workshop, "format"),
        hosts=tuple(host for host in hosts if host is not None),
        platform=_platform(workshop.platform),
        interpreted_languages=tuple(workshop.interpreted_languages),
        capacity_active=workshop.capacity_active,
        capacity_listener=workshop.capacity_listener,
        admission=workshop.admission,
        confirmation=workshop.confirmation,
        registration_opens_at=workshop.registration_opens_at,
        registration_closes_at=workshop.registration_closes_at,
        sign_video=text_of(workshop, "sign_video"),
        days=tuple(_day(day, zones, speakers) for day in workshop.days.all()),
    )


def _day(day: WorkshopDay, zones: tuple[Zone, ...], speakers: dict[int, SpeakerEntry]) -> DayEntry:
    start = instant(date=day.date, time=day.opens, zone=zones[0].name) if day.opens else None
    end = instant(date=day.date, time=day.closes, zone=zones[0].name) if day.closes else None
    day_clocks, legend = day_faces(start=start, end=end, date=day.date, zones=zones)
    return DayEntry(
        id=day.pk,
        date=day.date,
        title=text_of(day, "title"),
        description=text_of(day, "description"),
        results=text_of(day, "results"),
        start=start,
        end=end,
        faces=day_clocks,
        legend=legend,
        sessions=_Agenda(day, zones, speakers).items(),
    )


class _Agenda:
    """Lays a day's sessions one after the other, parts within their parent, from the opening time on."""

    def __init__(self, day: WorkshopDay, zones: tuple[Zone, ...], speakers: dict[int, SpeakerEntry]) -> None:
        self.day, self.zones, self.speakers = day, zones, speakers
        self.children: dict[int | None, list[Session]] = defaultdict(list)
        for session in day.sessions.all():
            self.children[session.parent_id].append(session)

    def items(self) -> tuple[SessionEntry, ...]:
        opens = self.day.opens
        start = instant(date=self.day.date, time=opens, zone=self.zones[0].name) if opens else None
        return self._lay(None, start, "")

    def _lay(self, parent_id: int | None, start: dt.datetime | None, prefix: str) -> tuple[SessionEntry, ...]:
        entries = []
        for number, session in enumerate(self.children[parent_id], 1):
            entry = self._entry(session, start, f"{prefix}{number}")
            entries.append(entry)
            start = entry.end
        return tuple(entries)

    def _entry(self, session: Session, start: dt.datetime | None, number: str) -> SessionEntry:
        minutes = self._minutes(session)
        end = start + dt.timedelta(minutes=minutes) if start and minutes else None
        return SessionEntry(
            id=session.pk,
            number=number,
            kind=session.kind,
            title=text_of(session, "title"),
            description=text_of(session, "description"),
            guiding_questions=text_of(session, "guiding_questions"),
            duration_minutes=minutes,
            everybody=session.everybody,
            start=start,
            end=end,
            faces=faces(start=start, end=end, zones=self.zones, home_date=self.day.date),
            appearances=tuple(self._appearance(appearance) for appearance in session.appearances.all()),
            parts=self._lay(session.pk, start, f"{number}."),
            language_of_speech=session.language_of_speech,
        )

    def _minutes(self, session: Session) -> int | None:
        """The stored duration, else the sum of the parts where each of them has one."""
        if session.duration_minutes is not None:
            return session.duration_minutes
        parts = [self._minutes(part) for part in self.children[session.pk]]
        return (
            sum(known) if parts and len(known := [p for p in parts if p is not None]) == len(parts) else None
        )

    def _appearance(self, appearance: Appearance) -> AppearanceEntry:
        speaker = self.speakers.get(appearance.speaker_id) if appearance.speaker_id else None
        own = _organisation(appearance.organisation)
        return AppearanceEntry(
            role=appearance.role,
            status=appearance.status,
            speaker=speaker,
            organisation=own or (speaker.organisation if speaker else None),
        )
