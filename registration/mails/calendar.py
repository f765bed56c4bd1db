"""The calendar entries a mail brings, as its parts (RFC 6047), and what the letter says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from registration.domain.calendar.invites import OF_A_STATE, Invite, invites_of
from registration.models import Message
from workshops.clocks import Zone, faces
from workshops.domain.calendar.values import Entry, Method
from workshops.domain.differences.times import clocks_text
from workshops.templatetags.texts import weekday_date

# No other kind brings any.
_BRINGING = OF_A_STATE | {Message.Kind.PROGRAMME_CHANGED}


def attach_invites(mail: EmailMultiAlternatives, *, message: Message, language: str) -> None:
    """The first one as one more form of the mail, which programs take for an invitation; each as a file.

    A provider's own interface takes nothing but plain text and HTML as the mail's forms: the files have to do there.
    """
    if message.kind not in _BRINGING:
        return
    with override(language):
        invites = invites_of(message=message)
    if invites and not settings.EMAIL_BACKEND.startswith("anymail."):
        mail.attach_alternative(invites[0].ical, _content_type(invites[0]))
    for name, invite in zip(file_names(invites), invites, strict=True):
        mail.attach(name, invite.ical, _content_type(invite))


def _content_type(invite: Invite) -> str:
    """The method as in the calendar itself (RFC 6047, section 2.4); the charset is added with the part."""
    return f"text/calendar; method={invite.method}"


def file_names(invites: Sequence[Invite]) -> list[str]:
    """With the date where there are several."""
    several = len(invites) > 1
    return [
        f"{_stem(invite)}-{number}-{invite.entry.date}.ics" if several else f"{_stem(invite)}.ics"
        for number, invite in enumerate(invites, 1)
    ]


def _stem(invite: Invite) -> str:
    return "cancel" if invite.method is Method.CANCEL else "invite"


@dataclass(frozen=True, slots=True)
class Attached:
    """For organisers' eyes. `is_taken_out`: programs take the entry out instead of in."""

    file: str
    title: str
    when: str
    is_taken_out: bool


def attached_to(*, message: Message) -> tuple[Attached, ...]:
    """In the active language, on both clocks."""
    invites = invites_of(message=message)
    zones = message.participant.conference.zones if message.participant else ()
    return tuple(
        Attached(name, one.entry.summary.text, _when(one.entry, zones), one.method is Method.CANCEL)
        for name, one in zip(file_names(invites), invites, strict=True)
    )


def _when(entry: Entry, zones: tuple[Zone, ...]) -> str:
    shown = faces(start=entry.start, end=entry.end, zones=zones, home_date=entry.date)
    return f"{weekday_date(entry.date)}, {clocks_text(shown) or _('time to be announced')}"


def words_of(message: Message) -> tuple[str, ...]:
    """In the active language; nothing where no entry comes with the mail."""
    methods = [invite.method for invite in invites_of(message=message)]
    new, gone = methods.count(Method.REQUEST), methods.count(Method.CANCEL)
    return (*_new_words(message, new), *_gone_words(gone))


def _new_words(message: Message, number: int) -> Iterable[str]:
    if not number:
        return
    if message.kind == Message.Kind.PROGRAMME_CHANGED:
        yield _(
            "The attached calendar file replaces what you have had from us before. If you made an entry of your own, "
            "please change or delete it: it is no longer right."
        )
    else:
        yield ngettext(
            "The calendar entry is attached.", "The calendar entries are attached, one file a day.", number
        )


def _gone_words(number: int) -> Iterable[str]:
    if number:
        yield ngettext(
            "With the attached file your calendar takes the entry out.",
            "With the attached files your calendar takes the entries out.",
            number,
        )
