"""What differs between two versions of the programme, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workshops.clocks import Zone
from workshops.domain.programme import DayEntry, SessionEntry, WorkshopEntry
from workshops.languages import Text


class Code(StrEnum):
    """Behind each: what `before` and `after` are; None where there was, or is, nothing."""

    FIRST_RELEASE = "first-release"
    # The conference
    CONFERENCE_RENAMED = "conference-renamed"  # Text
    CONFERENCE_DATES = "conference-dates"  # (first day, last day)
    CLOCKS_CHANGED = "clocks-changed"  # tuples of Zone
    CONTACT_CHANGED = "contact-changed"  # address
    STATEMENT_CHANGED = "statement-changed"
    SPEAKER_DETAILS = "speaker-details"  # SpeakerEntry; `fields`
    ORGANISATION_DETAILS = "organisation-details"  # OrganisationEntry; `fields`
    # Workshops
    WORKSHOP_ADDED = "workshop-added"
    WORKSHOP_REMOVED = "workshop-removed"
    WORKSHOP_RENAMED = "workshop-renamed"  # Text
    WORKSHOP_NUMBERED = "workshop-numbered"  # WorkshopEntry: its kind or its number
    WORKSHOP_ADDRESS = "workshop-address"
    WORKSHOPS_REORDERED = "workshops-reordered"
    HOSTS_CHANGED = "hosts-changed"  # tuples of OrganisationEntry
    PLATFORM_CHANGED = "platform-changed"  # PlatformEntry
    PLATFORM_DETAILS = "platform-details"  # PlatformEntry; `languages`
    INTERPRETATION_CHANGED = "interpretation-changed"  # tuples of language codes
    CAPACITY_ACTIVE = "capacity-active"  # int, None: no limit
    CAPACITY_LISTENER = "capacity-listener"  # int, None: no limit
    ADMISSION_CHANGED = "admission-changed"
    CONFIRMATION_CHANGED = "confirmation-changed"
    REGISTRATION_OPENS = "registration-opens"  # datetime
    REGISTRATION_CLOSES = "registration-closes"  # datetime
    # Days
    DAY_ADDED = "day-added"
    DAY_REMOVED = "day-removed"
    DAY_MOVED = "day-moved"  # DayEntry: date, opening or closing time
    # Sessions and parts
    SESSION_ADDED = "session-added"
    SESSION_REMOVED = "session-removed"
    SESSION_RENAMED = "session-renamed"  # Text
    SESSION_MOVED = "session-moved"  # (DayEntry, SessionEntry)
    SESSION_RETIMED = "session-retimed"  # SessionEntry
    SESSION_DURATION = "session-duration"  # minutes, None: to be announced
    FOLLOWING_SHIFTED = (
        "following-shifted"  # SessionEntry; `amount` minutes (0: not counted), `last` if not all
    )
    SESSION_KIND = "session-kind"
    SESSION_EVERYBODY = "session-everybody"  # bool
    SESSION_LANGUAGE = "session-language"  # a language code, empty: any
    # People
    SPEAKER_ADDED = "speaker-added"  # AppearanceEntry
    SPEAKER_REMOVED = "speaker-removed"  # AppearanceEntry
    SPEAKER_NAMED = "speaker-named"  # AppearanceEntry: N.N. has a name now
    SPEAKER_REPLACED = "speaker-replaced"  # AppearanceEntry
    SPEAKER_CONFIRMED = "speaker-confirmed"  # AppearanceEntry
    SPEAKER_OPENED = "speaker-opened"  # AppearanceEntry: to be confirmed again
    SPEAKER_ROLE = "speaker-role"  # AppearanceEntry
    SPEAKER_HOUSE = "speaker-house"  # AppearanceEntry: for another organisation
    SPEAKER_RENAMED = "speaker-renamed"  # AppearanceEntry
    SPEAKERS_REORDERED = "speakers-reordered"
    # Texts
    TEXT_CHANGED = "text-changed"  # `fields`, `languages`
    TRANSLATED = "translated"  # `amount` texts, `languages`


@dataclass(frozen=True, slots=True)
class Difference:
    """`workshop`, `day` and `session` are the newer ones, or those that were removed.

    `notify`: a fact that participants must know. `day_number` counts from 1; 0 where the workshop has one day only.
    """

    code: Code
    notify: bool = False
    workshop: WorkshopEntry | None = None
    day: DayEntry | None = None
    day_number: int = 0
    session: SessionEntry | None = None
    last: SessionEntry | None = None
    before: Any = None
    after: Any = None
    fields: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    amount: int = 0
    zones: tuple[Zone, ...] = ()

    @property
    def workshop_id(self) -> int | None:
        return self.workshop.id if self.workshop is not None else None


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one workshop (`workshop_id` None: of the conference), in the order of the programme."""

    heading: Text
    workshop_id: int | None
    items: tuple[Difference, ...]

    @property
    def notify(self) -> bool:
        return any(item.notify for item in self.items)
