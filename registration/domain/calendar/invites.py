"""The invitations that a mail brings, so that a program keeps the reader's calendar right (RFC 5546, RFC 6047)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.utils import parseaddr

from django.conf import settings

from registration.domain.calendar.own_entries import own_entries
from registration.domain.changes_told import changes_told
from registration.models import Message, Registration
from workshops.domain.calendar.entries import Source, calendar_of
from workshops.domain.calendar.source import source_of_conference
from workshops.domain.calendar.values import Attendee, Calendar, Entry, Method, Person, Status
from workshops.domain.calendar.write import to_ical
from workshops.models import Release

_Kind = Message.Kind
# They say how a registration stands: whoever is let in is invited, whoever no longer is, is told that, too.
OF_A_STATE = frozenset(
    {
        _Kind.RECEIVED,
        _Kind.CONFIRMED,
        _Kind.WAITLISTED,
        _Kind.PROMOTED,
        _Kind.OFFERED,
        _Kind.OFFER_LAPSED,
        _Kind.DECLINED,
        _Kind.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True)
class Invite:
    """One entry with what is to be done with it: an iCalendar object holds one only (RFC 5546, section 3.2.2)."""

    calendar: Calendar
    entry: Entry

    @property
    def method(self) -> Method:
        return self.calendar.method

    @property
    def ical(self) -> str:
        return to_ical(calendar=self.calendar).decode()


def invites_of(*, message: Message) -> tuple[Invite, ...]:
    """In the active language, as things stand now: the same again for a mail that is repeated.

    What has changed comes first, for programs that take notice of the first one only.
    """
    find = _of_change if message.kind == _Kind.PROGRAMME_CHANGED else _of_state
    if message.participant is None or message.kind not in {*OF_A_STATE, _Kind.PROGRAMME_CHANGED}:
        return ()
    source = source_of_conference(conference=message.participant.conference)
    if source is None:
        return ()
    return tuple(_invite(message, source, *found) for found in find(message, source))


def _of_state(message: Message, source: Source) -> list[tuple[Registration, Entry]]:
    """Nobody is told to take out what they were never invited to."""
    registration = message.registration
    if registration is None:
        return []
    entries = [entry for _day, entry in own_entries(registration=registration, source=source)]
    if registration.admitted_role is not None:
        return [(registration, entry) for entry in entries if not entry.is_cancelled]
    if registration.calendar_revision == 0:
        return []
    return [(registration, replace(entry, status=Status.CANCELLED)) for entry in entries]


def _of_change(message: Message, source: Source) -> list[tuple[Registration, Entry]]:
    """Of each workshop in which something changed that calendars show, all days: those that changed first."""
    registered = [told.registration for told in changes_told(message=message)]
    admitted = [registration for registration in registered if registration.admitted_role is not None]
    if not admitted:
        return []
    since = Release.objects.defer("snapshot").get(pk=message.facts["since"]).published_at
    found = []
    for registration in admitted:
        days = list(own_entries(registration=registration, source=source))
        changed = {day for day, _entry in days if source.sequences.of("day", day).modified > since}
        found += [
            (day not in changed, registration, entry)
            for day, entry in days
            if changed and (day in changed or not entry.is_cancelled)
        ]
    found.sort(key=lambda one: one[0])
    return [(registration, entry) for _is_same, registration, entry in found]


def _invite(message: Message, source: Source, registration: Registration, entry: Entry) -> Invite:
    method = Method.CANCEL if entry.is_cancelled else Method.REQUEST
    person = registration.participant
    attendee = Attendee(
        name=person.full_name or message.recipient,
        email=message.recipient,
        is_needed=registration.admitted_role == Registration.Role.ACTIVE,
    )
    invited = replace(entry, attendee=attendee)
    calendar = calendar_of(source=source, entries=(invited,), method=method)
    return Invite(replace(calendar, organizer=_organizer(calendar.organizer)), invited)


def _organizer(organizer: Person) -> Person:
    """Answers of calendar programs go to the hosts; the mail itself comes from the address that may send it."""
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return organizer if sender == organizer.email else replace(organizer, sent_by=sender)
