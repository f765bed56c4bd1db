"""The letter about a programme that has changed: what was, what is now, and how one's own registration stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registration.domain.calendar.invites import invites_of
from registration.domain.changes_told import Told, changes_told
from registration.mails.body import TITLE_LENGTH, Body, state_of
from registration.mails.events import Event, event_from
from registration.mails.letter import Section
from registration.mails.lines import shortened
from registration.mails.sections import event_of, section_of
from registration.models import Message
from workshops.domain.differences import in_words
from workshops.languages import active_language, choose, text_of


def programme_changed(message: Message) -> Body:
    told = changes_told(message=message)
    return Body(
        subject=_subject(message, told),
        opening=(_opening(told),),
        sections=tuple(_section(entry) for entry in told),
        button=_("To my registrations"),
        closing=tuple(_closing(told, brings_entries=bool(invites_of(message=message)))),
    )


def titles_of(message: Message) -> tuple[str, ...]:
    """Of the events a message tells about, in the active language."""
    return tuple(_title(entry) for entry in changes_told(message=message))


def _subject(message: Message, told: tuple[Told, ...]) -> str:
    if len(told) == 1:
        title = {"title": shortened(_title(told[0]), TITLE_LENGTH)}
        if told[0].is_taken_out:
            return _("No longer in the programme: %(title)s") % title
        return _("Changed: %(title)s") % title
    name = (
        choose(text_of(message.participant.conference, "name"), active_language())[0]
        if message.participant
        else ""
    )
    return _("Changes in the programme: %(conference)s") % {"conference": name}


def _opening(told: tuple[Told, ...]) -> str:
    return ngettext(
        "The organisers have changed the programme of an event that you are registered for.",
        "The organisers have changed the programme of events that you are registered for.",
        len(told),
    )


def _section(told: Told) -> Section:
    changes = tuple(in_words(difference) for difference in told.differences_for(language=active_language()))
    if told.is_taken_out:
        kept = _("You need not do anything: your registration is kept in case the event comes back.")
        return Section(heading=_event(told).heading, changes=changes, sentences=(kept,))
    return replace(section_of(_event(told), state_of(told.registration)), changes=changes)


def _closing(told: Iterable[Told], *, brings_entries: bool) -> Iterable[str]:
    told = tuple(told)
    if not brings_entries and any(entry.is_calendar_wrong for entry in told):
        yield _(
            "If you have saved an event in your calendar, please change or delete that entry: it is no longer right."
        )
    if not all(entry.is_taken_out for entry in told):
        yield _(
            "If you cannot come any more, please cancel on your page, so that somebody else can have your place."
        )


def _title(told: Told) -> str:
    return choose(_event(told).title, active_language())[0]


def _event(told: Told) -> Event:
    """As it is now; of what was taken out, as it was last."""
    last = told.differences[0].workshop
    return event_from(last) if told.is_taken_out and last is not None else event_of(told.registration)
