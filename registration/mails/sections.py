"""The parts letters have in common: a workshop with its days, and how to get in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.domain.access_known import access_for, with_own_codes
from registration.domain.outbox.still_owed import details_announced
from registration.mails.events import Event, ReleaseKey, events_of, events_of_release
from registration.mails.letter import AccessDay, Detail, Phrase, Section
from registration.mails.times import legend_of, row_of
from registration.models import AccessDetails, Message, Registration
from workshops.domain.programme import DayEntry
from workshops.languages import active_language, choose
from workshops.templatetags.texts import short_date


def event_of(registration: Registration) -> Event:
    return events_of(registration.participant.conference, [registration.workshop])[0]


def section_of(event: Event, *sentences: str, days: tuple[DayEntry, ...] | None = None) -> Section:
    """The workshop with its days on both clocks, or with those of `days` only."""
    shown = event.days if days is None else days
    return Section(
        heading=event.heading,
        sentences=tuple(sentence for sentence in sentences if sentence),
        rows=tuple(row_of(day) for day in shown),
        legend=legend_of(shown),
        pending="" if shown else _("The date is yet to be announced."),
    )


def introduction_of(event: Event) -> Section:
    """For who does not know it yet: who holds it, and in which languages one can follow."""
    if event.release is None:
        return section_of(event, _hosts(event), _interpretation(event))
    return _kept_introduction(event.release, event.id, active_language())


@lru_cache(maxsize=256)
def _kept_introduction(release: ReleaseKey, event_id: int, _language: str) -> Section:
    """In the language that is active; the same for everybody who is invited."""
    _conference, events = events_of_release(*release)
    event = events[event_id]
    return section_of(event, _hosts(event), _interpretation(event))


def admission_of(registration: Registration) -> Section:
    """For who is let in: the days, and the access details that exist by now."""
    event = event_of(registration)
    details = access_for(registration=registration)
    known = {entry.day_id for entry in details}
    missing = [day for day in event.days if day.id not in known]
    return _with_access(
        section_of(event, _what_follows(details, missing)), event, [(entry, "") for entry in details]
    )


def announcement_of(message: Message, registration: Registration) -> Section:
    """The days whose access details are new or were changed, and nothing else."""
    event = event_of(registration)
    rows = details_announced(message=message).select_related("day").order_by("day__date", "day__pk")
    found = with_own_codes(rows, registration)
    changed = set(message.facts.get("changed", []))
    days = {entry.day_id for entry in found}
    section = section_of(event, days=tuple(day for day in event.days if day.id in days))
    several = len(found) > 1
    return _with_access(
        section, event, [(entry, _notice(entry, entry.pk in changed, several)) for entry in found]
    )


def keep_to_yourself(section: Section) -> tuple[str, ...]:
    if not any(day.details for day in section.access):
        return ()
    return (_("Access details are meant for you alone. Please do not pass them on."),)


def _with_access(section: Section, event: Event, entries: Iterable[tuple[AccessDetails, str]]) -> Section:
    access = tuple(
        AccessDay(heading=short_date(_date_of(entry, event)), notice=notice, details=_details(entry, event))
        for entry, notice in entries
    )
    guide = _guide(event) if any(day.details for day in access) else None
    return replace(section, access=access, guide_heading=_guide_heading(event) if guide else "", guide=guide)


def _date_of(entry: AccessDetails, event: Event) -> dt.date:
    return next((day.date for day in event.days if day.id == entry.day_id), entry.day.date)


def _details(entry: AccessDetails, event: Event) -> tuple[Detail, ...]:
    if not entry.is_complete:
        return ()
    found = (
        Detail(_("Platform"), event.platform.name if event.platform else ""),
        Detail(_("Link"), entry.link, is_link=bool(entry.website)),
        Detail(_("Your personal code"), entry.code),
        Detail(_("Meeting number"), entry.meeting_number),
        Detail(_("Passcode"), entry.passcode),
        Detail(_("Dial-in"), entry.dial_in),
        Detail(_("Interpreter’s channel"), entry.interpreter_channel),
    )
    return tuple(detail for detail in found if detail.value)


def _notice(entry: AccessDetails, is_changed: bool, several: bool) -> str:
    if not entry.is_complete:
        return _("The access details sent to you earlier no longer hold. You will receive new ones.")
    if is_changed:
        return _("These details are new. The ones sent to you earlier no longer hold.")
    return _("These details are sent for the first time.") if several else ""


def _what_follows(details: Sequence[AccessDetails], missing: Sequence[DayEntry]) -> str:
    if not details:
        return _("You will receive the access details by e-mail before the event.")
    if missing:
        return ngettext(
            "You will receive the access details for the other day by e-mail before it begins.",
            "You will receive the access details for the other days by e-mail before they begin.",
            len(missing),
        )
    return ""


def _guide(event: Event) -> Phrase | None:
    if event.platform is None:
        return None
    guide = Phrase.of(event.platform.instructions, active_language())
    return guide if guide.text else None


def _guide_heading(event: Event) -> str:
    name = event.platform.name if event.platform else ""
    return _("How to join on %(platform)s") % {"platform": name}


def _hosts(event: Event) -> str:
    names = ", ".join(choose(host, active_language())[0] for host in event.hosts)
    return _("Held by: %(hosts)s.") % {"hosts": names} if names else ""


def _interpretation(event: Event) -> str:
    names = {"de": _("German"), "tr": _("Turkish"), "en": _("English")}
    spoken = ", ".join(names[code] for code in event.interpreted_languages)
    return _("Simultaneous interpretation: %(languages)s.") % {"languages": spoken} if spoken else ""
