"""Differences as sentences, for organisers, the public and participants alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workshops.clocks import Zone
from workshops.domain.checks.words import in_minutes, said, who
from workshops.domain.differences.phrases import (
    from_to,
    house_name,
    item_name,
    languages_of,
    name_and_role,
    names_of,
    person_name,
    quoted,
    role_name,
)
from workshops.domain.differences.times import day_text, moment_text, session_text, start_text
from workshops.domain.differences.values import Code, Difference
from workshops.domain.programme import (
    AppearanceEntry,
    DayEntry,
    PlatformEntry,
    SessionEntry,
    WorkshopEntry,
)
from workshops.models import Organisation, Session, Speaker, Workshop
from workshops.templatetags.texts import date_range, kind_name, weekday_date

_FIELDS = {
    "tagline": gettext_lazy("in one line"),
    "description": gettext_lazy("description"),
    "sender_name": gettext_lazy("sender’s name in e-mails"),
    "imprint": gettext_lazy("imprint"),
    "conciliation_name": gettext_lazy("name of the conciliation body"),
    "conciliation_body": gettext_lazy("conciliation body for accessibility"),
    "accessibility_limits": gettext_lazy("what else is not accessible"),
    "easy_language": gettext_lazy("page in easy language"),
    "sign_video": gettext_lazy("video in sign language"),
    "subtitle": gettext_lazy("subtitle"),
    "background": gettext_lazy("background"),
    "goals": gettext_lazy("goals"),
    "format": gettext_lazy("format"),
    "title": gettext_lazy("title"),
    "results": gettext_lazy("results"),
    "guiding_questions": gettext_lazy("guiding questions"),
}


def in_words(difference: Difference) -> str:
    """A whole sentence in the active language, times on both clocks."""
    return _SENTENCES[difference.code](difference)


# The conference


def _first_release(_difference: Difference) -> str:
    return _("This is the first release.")


def _conference_renamed(difference: Difference) -> str:
    return _renamed(difference, _("Name of the conference"))


def _renamed(difference: Difference, what: str) -> str:
    """Where only another language says something else, readers of this one are told that."""
    before, after = said(difference.before), said(difference.after)
    if before != after:
        return from_to(what, quoted(before), quoted(after))
    languages = [code for code in difference.after if difference.before[code] != difference.after[code]]
    return _("%(what)s changed: %(title)s (%(languages)s).") % {
        "what": what,
        "title": quoted(after),
        "languages": languages_of(languages),
    }


def _conference_dates(difference: Difference) -> str:
    before, after = (date_range(*dates) for dates in (difference.before, difference.after))
    return from_to(_("Days of the conference"), before, after)


def _clocks(difference: Difference) -> str:
    before, after = (
        names_of([_zone(zone) for zone in zones]) for zones in (difference.before, difference.after)
    )
    return from_to(_("The two clocks"), before, after)


def _zone(zone: Zone) -> str:
    return f"{zone.label} = {said(zone.meaning)} ({zone.name})"


def _details_of(difference: Difference) -> str:
    entry = difference.after
    is_person = difference.code is Code.SPEAKER_DETAILS
    model = Speaker if is_person else Organisation
    fields = [str(model._meta.get_field(name).verbose_name) for name in difference.fields]  # type: ignore[union-attr]
    name = entry.full_name if is_person else said(entry.name)
    return _("What is said about %(name)s was changed: %(fields)s.") % {
        "name": name,
        "fields": names_of(fields),
    }


# Workshops


def _workshop_added(difference: Difference) -> str:
    workshop = _workshop_of(difference)
    days = "; ".join(day_text(day) for day in workshop.days) or _("time still open")
    return _("New in the programme: %(title)s, %(when)s.") % {"title": quoted(workshop.title), "when": days}


def _workshop_of(difference: Difference) -> WorkshopEntry:
    assert difference.workshop is not None  # noqa: S101 (what is said of a workshop names it)
    return difference.workshop


def _workshop_removed(difference: Difference) -> str:
    workshop = _workshop_of(difference)
    days = "; ".join(day_text(day) for day in workshop.days) or _("time still open")
    return _("%(title)s was taken out of the programme (until now %(when)s).") % {
        "title": quoted(workshop.title),
        "when": days,
    }


def _platform_details(difference: Difference) -> str:
    name = difference.after.name
    if not difference.languages:
        return _("Address of %(platform)s: changed.") % {"platform": name}
    return _("The instructions for %(platform)s were changed (%(languages)s).") % {
        "platform": name,
        "languages": languages_of(difference.languages),
    }


def _platform(entry: PlatformEntry | None) -> str:
    return entry.name if entry is not None else _("still open")


def _places(limit: int | None) -> str:
    return _("no limit") if limit is None else str(limit)


def _moment(difference: Difference, at: dt.datetime | None) -> str:
    return moment_text(at, difference.zones) if at is not None else _("no date of its own")


def _fact(what: Any, name: Callable[[Any], object]) -> Callable[[Difference], str]:
    return lambda difference: from_to(what, name(difference.before), name(difference.after))


def _window(what: Any) -> Callable[[Difference], str]:
    def sentence(difference: Difference) -> str:
        before, after = (_moment(difference, at) for at in (difference.before, difference.after))
        return from_to(what, before, after)

    return sentence


# Days


def _day_moved(difference: Difference) -> str:
    number = difference.day_number
    what = _("Day %(number)d") % {"number": number} if number else _("Date and time")
    return from_to(what, day_text(difference.before), day_text(difference.after))


def _day_added(difference: Difference) -> str:
    return _("A day was added: %(when)s.") % {"when": day_text(difference.after)}


def _day_removed(difference: Difference) -> str:
    return _("A day was taken out: %(when)s.") % {"when": day_text(difference.before)}


# Sessions


def _session_added(difference: Difference) -> str:
    return _("%(item)s is new: %(when)s.") % {
        "item": item_name(difference),
        "when": session_text(difference.after),
    }


def _session_removed(difference: Difference) -> str:
    return _("%(item)s was taken out (until now %(when)s).") % {
        "item": item_name(difference),
        "when": session_text(difference.before),
    }


def _session_moved(difference: Difference) -> str:
    (old_day, old), (new_day, new) = difference.before, difference.after
    with_date = old_day.date != new_day.date
    before, after = (_place(*pair, with_date=with_date) for pair in ((old_day, old), (new_day, new)))
    return from_to(_("%(item)s was moved") % {"item": item_name(difference)}, before, after)


def _place(day: DayEntry, session: SessionEntry, *, with_date: bool) -> str:
    """ "item 2.1, 09:30–09:45 CET / 10:30–10:45 TRT", with the date where that is another one."""
    number = _("item %(number)s") % {"number": session.number}
    date = [weekday_date(day.date)] if with_date else []
    return ", ".join([*date, number, session_text(session)])


def _session_retimed(difference: Difference) -> str:
    before, after = session_text(difference.before), session_text(difference.after)
    return _from_to_time(item_name(difference), before, after)


def _from_to_time(what: str, before: str, after: str) -> str:
    """An item may begin when it did although its day begins earlier, or on another date."""
    if before == after:
        # Translators: "“Opening” and everything after it: still at 13:05 CET / 14:05 TRT."
        return _("%(what)s: still at %(time)s.") % {"what": what, "time": after}
    return from_to(what, before, after)


def _following(difference: Difference) -> str:
    before, after = (start_text(session) for session in (difference.before, difference.after))
    first, last = item_name(difference), difference.last
    if last is None:
        what = _("%(item)s and everything after it") % {"item": first}
    else:
        what = _("Everything from %(first)s to %(last)s") % {
            "first": first,
            "last": quoted(last.title),
        }
    facts = {"what": what, "time": in_minutes(abs(difference.amount)), "before": before, "after": after}
    if not difference.amount:
        return _from_to_time(what, before, after)
    if difference.amount > 0:
        return _("%(what)s begins %(time)s later: until now %(before)s, now %(after)s.") % facts
    return _("%(what)s begins %(time)s earlier: until now %(before)s, now %(after)s.") % facts


def _of_item(what: Any, name: Callable[[Any], object]) -> Callable[[Difference], str]:
    return lambda difference: from_to(
        what % {"item": item_name(difference)}, name(difference.before), name(difference.after)
    )


def _length(minutes: int | None) -> str:
    return in_minutes(minutes) if minutes is not None else _("still open")


def _speech(code: str) -> str:
    return languages_of([code]) if code else _("any")


def _yes_or_no(value: bool) -> str:
    return _("yes") if value else _("no")


# People


def _at(sentence: Any, name: Callable[[AppearanceEntry], str] = person_name) -> Callable[[Difference], str]:
    def said_of(difference: Difference) -> str:
        appearance = difference.after or difference.before
        return str(sentence) % {"who": name(appearance), "item": item_name(difference)}

    return said_of


def _speaker_renamed(difference: Difference) -> str:
    """Not told as if somebody else stood in: it is the same person."""
    return from_to(capfirst(_("name")), who(difference.before), who(difference.after))


def _speaker_role(difference: Difference) -> str:
    what = _("%(who)s at %(item)s") % {"who": who(difference.after), "item": item_name(difference)}
    return from_to(what, role_name(difference.before), role_name(difference.after))


def _speaker_house(difference: Difference) -> str:
    before, after = (house_name(entry.organisation) for entry in (difference.before, difference.after))
    return from_to(who(difference.after), before, after)


# Texts


def _text(difference: Difference) -> str:
    facts = {
        "texts": capfirst(names_of([_FIELDS[name] for name in difference.fields])),
        "languages": languages_of(difference.languages),
    }
    if difference.session is not None:
        return _("Text changed at %(item)s: %(texts)s (%(languages)s).") % {
            "item": item_name(difference),
            **facts,
        }
    if difference.day_number:
        day = _("Day %(number)d") % {"number": difference.day_number}
        return _("%(day)s: text changed: %(texts)s (%(languages)s).") % {"day": day, **facts}
    return _("Text changed: %(texts)s (%(languages)s).") % facts


def _translated(difference: Difference) -> str:
    return ngettext(
        "%(count)d text was translated (%(languages)s).",
        "%(count)d texts were translated (%(languages)s).",
        difference.amount,
    ) % {"count": difference.amount, "languages": languages_of(difference.languages)}


_SENTENCES: dict[Code, Callable[[Difference], str]] = {
    Code.FIRST_RELEASE: _first_release,
    Code.CONFERENCE_RENAMED: _conference_renamed,
    Code.CONFERENCE_DATES: _conference_dates,
    Code.CLOCKS_CHANGED: _clocks,
    Code.CONTACT_CHANGED: _fact(gettext_lazy("Contact address"), str),
    Code.STATEMENT_CHANGED: lambda _difference: _("The accessibility statement was brought up to date."),
    Code.SPEAKER_DETAILS: _details_of,
    Code.ORGANISATION_DETAILS: _details_of,
    Code.WORKSHOP_ADDED: _workshop_added,
    Code.WORKSHOP_REMOVED: _workshop_removed,
    Code.WORKSHOP_RENAMED: lambda difference: _renamed(difference, _("Title")),
    Code.WORKSHOP_NUMBERED: _fact(gettext_lazy("Called"), kind_name),
    Code.WORKSHOP_ADDRESS: lambda _difference: _("The address of its page was changed."),
    Code.WORKSHOPS_REORDERED: lambda _difference: _("The order of the workshops was changed."),
    Code.HOSTS_CHANGED: _fact(gettext_lazy("Hosts"), lambda hosts: names_of([said(h.name) for h in hosts])),
    Code.PLATFORM_CHANGED: _fact(gettext_lazy("Platform"), _platform),
    Code.PLATFORM_DETAILS: _platform_details,
    Code.INTERPRETATION_CHANGED: _fact(gettext_lazy("Languages interpreted"), languages_of),
    Code.CAPACITY_ACTIVE: _fact(gettext_lazy("Places for active participants"), _places),
    Code.CAPACITY_LISTENER: _fact(gettext_lazy("Places for listeners"), _places),
    Code.ADMISSION_CHANGED: _fact(
        gettext_lazy("Who may register"), lambda value: Workshop.Admission(value).label
    ),
    Code.CONFIRMATION_CHANGED: _fact(
        gettext_lazy("How a registration is confirmed"), lambda value: Workshop.Confirmation(value).label
    ),
    Code.REGISTRATION_OPENS: _window(gettext_lazy("Registration opens")),
    Code.REGISTRATION_CLOSES: _window(gettext_lazy("Registration closes")),
    Code.DAY_ADDED: _day_added,
    Code.DAY_REMOVED: _day_removed,
    Code.DAY_MOVED: _day_moved,
    Code.SESSION_ADDED: _session_added,
    Code.SESSION_REMOVED: _session_removed,
    Code.SESSION_RENAMED: lambda difference: _renamed(difference, _("Title of a programme item")),
    Code.SESSION_MOVED: _session_moved,
    Code.SESSION_RETIMED: _session_retimed,
    Code.SESSION_DURATION: _of_item(gettext_lazy("Duration of %(item)s"), _length),
    Code.FOLLOWING_SHIFTED: _following,
    Code.SESSION_KIND: _of_item(gettext_lazy("Kind of %(item)s"), lambda value: Session.Kind(value).label),
    Code.SESSION_EVERYBODY: _of_item(gettext_lazy("Everybody takes part in %(item)s"), _yes_or_no),
    Code.SESSION_LANGUAGE: _of_item(gettext_lazy("Language of speech at %(item)s"), _speech),
    Code.SPEAKER_ADDED: _at(gettext_lazy("New at %(item)s: %(who)s.")),
    Code.SPEAKER_REMOVED: _at(gettext_lazy("No longer at %(item)s: %(who)s.")),
    Code.SPEAKER_NAMED: _of_item("%(item)s", person_name),
    Code.SPEAKER_REPLACED: _of_item("%(item)s", person_name),
    Code.SPEAKER_CONFIRMED: _at(gettext_lazy("Now confirmed at %(item)s: %(who)s.")),
    Code.SPEAKER_OPENED: _at(gettext_lazy("To be confirmed again at %(item)s: %(who)s."), name_and_role),
    Code.SPEAKER_ROLE: _speaker_role,
    Code.SPEAKER_HOUSE: _speaker_house,
    Code.SPEAKER_RENAMED: _speaker_renamed,
    Code.SPEAKERS_REORDERED: lambda difference: (
        _("The order of the people was changed at %(item)s.") % {"item": item_name(difference)}
    ),
    Code.TEXT_CHANGED: _text,
    Code.TRANSLATED: _translated,
}
