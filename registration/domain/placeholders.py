"""The words in curly brackets that organisers may use in their own mail texts: an allow-list for each kind of mail.

Texts are filled by looking names up, nothing else: `str.format` would follow `{x.__class__}`, and a template language
would run what somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.models import Message

_Kind = Message.Kind
# Whatever begins or ends with a bracket, so that nothing is overlooked; a bracket alone as well.
_BRACKETS = re.compile(r"\{[^{}]*\}|[{}]")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`example` is a value for the list beside the fields; empty where it depends on the conference."""

    name: str
    meaning: Promise
    example: Promise | str = ""

    @property
    def written(self) -> str:
        return f"{{{self.name}}}"


_OF_THE_CONFERENCE = (
    Placeholder("conference", _("name of the conference")),
    Placeholder("contact", _("address for questions")),
)
# Somebody who was only invited has told no name yet; the greeting names whoever has.
_OF_THE_PERSON = (
    Placeholder("first_name", _("first name"), "Ayşe"),
    Placeholder("last_name", _("last name"), "Yılmaz"),
    Placeholder("full_name", _("first and last name"), "Ayşe Yılmaz"),
    Placeholder("organisation", _("the person’s organisation"), _("City of Bursa")),
)
OF_THE_WORKSHOP = (
    Placeholder("title", _("title of the event"), _("Digital city")),
    Placeholder("date", _("date of the event, or its dates")),
    Placeholder("times", _("date and time on both clocks")),
)
_TITLES = Placeholder("titles", _("titles of the events this mail is about"), _("Digital city"))
_POSITION = Placeholder("position", _("number on the waiting list"), "3")
_DEADLINE = Placeholder("deadline", _("until when the offered place is held, on both clocks"))

_ABOUT_A_REGISTRATION = (*_OF_THE_PERSON, *OF_THE_WORKSHOP, *_OF_THE_CONFERENCE)
_ALLOWED: dict[str, tuple[Placeholder, ...]] = {
    _Kind.INVITATION: (_TITLES, *_OF_THE_CONFERENCE),
    _Kind.REMINDER: (_TITLES, *_OF_THE_CONFERENCE),
    _Kind.LINK: _OF_THE_CONFERENCE,
    _Kind.RECEIVED: _ABOUT_A_REGISTRATION,
    _Kind.CONFIRMED: _ABOUT_A_REGISTRATION,
    _Kind.WAITLISTED: (*_ABOUT_A_REGISTRATION, _POSITION),
    _Kind.PROMOTED: _ABOUT_A_REGISTRATION,
    _Kind.OFFERED: (*_ABOUT_A_REGISTRATION, _DEADLINE),
    _Kind.OFFER_LAPSED: _ABOUT_A_REGISTRATION,
    _Kind.MOVED_UP: (*_ABOUT_A_REGISTRATION, _POSITION),
    _Kind.DECLINED: _ABOUT_A_REGISTRATION,
    _Kind.CANCELLED: _ABOUT_A_REGISTRATION,
    _Kind.ACCESS: _ABOUT_A_REGISTRATION,
    _Kind.ACCESS_CHANGED: _ABOUT_A_REGISTRATION,
    _Kind.DAY_BEFORE: _ABOUT_A_REGISTRATION,
    _Kind.HOUR_BEFORE: _ABOUT_A_REGISTRATION,
    _Kind.THANKS: (*_OF_THE_PERSON, *_OF_THE_CONFERENCE),
    _Kind.ANNOUNCEMENT: _ABOUT_A_REGISTRATION,
    _Kind.PROGRAMME_CHANGED: (*_OF_THE_PERSON, _TITLES, *_OF_THE_CONFERENCE),
}
# A message to a group is nothing but the hosts' own words.
KINDS_WITH_OWN_TEXT = tuple(kind for kind in _ALLOWED if kind != _Kind.ANNOUNCEMENT)


def placeholders_of(*, kind: str) -> tuple[Placeholder, ...]:
    """What a text for this kind of mail may contain; nothing for a kind that takes no text of one's own."""
    return _ALLOWED.get(kind, ())


def problems_of(*, text: str, kind: str) -> list[str]:
    """What is wrong with a text's curly brackets, one sentence for each, in the reader's language."""
    allowed = {placeholder.written for placeholder in placeholders_of(kind=kind)}
    found = [piece for piece in dict.fromkeys(_BRACKETS.findall(text)) if piece not in allowed]
    return [_problem(piece) for piece in found]


def allowed_list(*, kind: str) -> str:
    """Such as “{title}, {date}”, for the sentence that tells what is possible instead."""
    return ", ".join(placeholder.written for placeholder in placeholders_of(kind=kind))


def fill(*, text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, in one pass: what a value contains is never read again.

    What is no placeholder stays as it was typed.
    """
    return _BRACKETS.sub(lambda found: values.get(found[0][1:-1], found[0]), text)


def _problem(piece: str) -> str:
    if len(piece) == 1:
        return gettext("The curly bracket “%(bracket)s” has no counterpart.") % {"bracket": piece}
    return gettext("“%(placeholder)s” is no placeholder of this mail.") % {"placeholder": piece}
