"""A registration's state as a sentence to the person, and the tone in which a page shows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from registration.domain.offer import has_open_offer
from registration.models import Registration
from registration.templatetags.moments import both_clocks
from workshops.clocks import Zone

_Status = Registration.Status
_ACTIVE, _LISTENER = Registration.Role.ACTIVE.value, Registration.Role.LISTENER.value


@dataclass(frozen=True, slots=True)
class Sentence:
    """`tone` is a panel of the style sheet (success, info or warning); `word` says it, too."""

    tone: str
    word: Promise | str
    text: Promise | str


_SENTENCES: dict[tuple[str, str], Promise] = {
    (_Status.CONFIRMED, _ACTIVE): _("You take part actively."),
    (_Status.CONFIRMED, _LISTENER): _("You take part as a listener."),
    (_Status.REQUESTED, _ACTIVE): _(
        "You have asked to take part actively. The organisers decide and write to you."
    ),
    (_Status.REQUESTED, _LISTENER): _("You have asked to listen. The organisers decide and write to you."),
    (_Status.WAITLISTED, _ACTIVE): _("You are on the waiting list for an active place, number %(position)d."),
    (_Status.WAITLISTED, _LISTENER): _("You are on the waiting list for listeners, number %(position)d."),
    (_Status.DECLINED, _ACTIVE): _("The organisers could not give you an active place."),
    (_Status.DECLINED, _LISTENER): _("The organisers could not accept your registration as a listener."),
    (_Status.CANCELLED, _ACTIVE): _("You are not registered any more: this registration was cancelled."),
    (_Status.CANCELLED, _LISTENER): _("You are not registered any more: this registration was cancelled."),
}
_WORDS: dict[str, tuple[str, Promise]] = {
    _Status.CONFIRMED: ("success", _("Confirmed")),
    _Status.REQUESTED: ("info", _("Awaiting decision")),
    _Status.WAITLISTED: ("warning", _("Waiting list")),
    _Status.DECLINED: ("info", _("Declined")),
    _Status.CANCELLED: ("info", _("Cancelled")),
}
_OFFERED: dict[str, Promise] = {
    _ACTIVE: _("An active place is held for you until %(deadline)s."),
    _LISTENER: _("A listener’s place is held for you until %(deadline)s."),
}
_GONE = {_Status.DECLINED, _Status.CANCELLED}
_PAST: dict[str | None, Promise] = {
    _ACTIVE: _("This event is over. You were registered for active participation."),
    _LISTENER: _("This event is over. You were registered as a listener."),
    None: _("This event is over."),
}


def sentence_for(
    registration: Registration, *, zones: tuple[Zone, ...], position: int = 0, is_past: bool = False
) -> Sentence:
    if is_past and registration.status not in _GONE:
        return Sentence("info", _("Past"), _PAST[registration.admitted_role])
    if registration.offered_until is not None:
        return _offered(registration, registration.offered_until, zones)
    tone, word = _WORDS[registration.status]
    text: Promise | str = _SENTENCES[registration.status, registration.role]
    if registration.status == _Status.WAITLISTED:
        text = text % {"position": position}
    if registration.listens_meanwhile:
        text = format_lazy("{} {}", text, _("Until then you listen."))
    return Sentence(tone, word, text)


def _offered(registration: Registration, until: dt.datetime, zones: tuple[Zone, ...]) -> Sentence:
    """With the deadline on both clocks, in the language that is active now."""
    deadline = {"deadline": both_clocks(until, zones)}
    if has_open_offer(registration, at=timezone.now()):
        word, text = _("Please answer"), _OFFERED[registration.role] % deadline
    else:
        word, text = _("Offer has ended"), _("The place was held for you until %(deadline)s.") % deadline
    if registration.listens_meanwhile:
        text = format_lazy("{} {}", text, _("Meanwhile you listen."))
    return Sentence("warning", word, text)
