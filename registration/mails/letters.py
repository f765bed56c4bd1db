"""What each kind of message says, in the language that is active."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from registration.domain.outbox.memory import remembered
from registration.domain.outbox.still_owed import is_open
from registration.domain.outbox.workshops_of import workshops_of
from registration.domain.tokens import token_of
from registration.domain.unsubscribe import unsubscribe_token
from registration.mails import calendar, changes, reminders, waiting
from registration.mails.announcement import announcement
from registration.mails.barrier import answer_letter, barrier_letter, report_of
from registration.mails.body import Body, reason_of, registration_of, state_of, title_of
from registration.mails.digest import digest_letter
from registration.mails.document import document_letter, document_of
from registration.mails.events import events_of
from registration.mails.letter import Button, Letter, Section
from registration.mails.lines import one_line
from registration.mails.own_words import own_words
from registration.mails.reminder import reminder
from registration.mails.sections import (
    admission_of,
    announcement_of,
    event_of,
    introduction_of,
    keep_to_yourself,
    section_of,
)
from registration.mails.team import team_letter
from registration.mails.thanks import thanks
from registration.mails.times import moment_text
from registration.models import Message, Participant, PersonalLink, Registration
from workshops.languages import active_language, choose, text_of
from workshops.models import Conference, Workshop

TOKEN_LENGTH = 43


def compose(*, message: Message, language_code: str) -> Letter:
    """The letter a message owes, in one language. Raises what reading the message's objects raises."""
    with override(language_code):
        if message.kind == Message.Kind.BARRIER_REPORT:
            return barrier_letter(report_of(message))
        if message.kind == Message.Kind.BARRIER_ANSWER:
            return answer_letter(report_of(message))
        if message.kind == Message.Kind.DOCUMENT:
            return document_letter(document_of(message))
        if message.kind == Message.Kind.DIGEST:
            return digest_letter(message)
        if message.kind == Message.Kind.TEAM:
            return team_letter(message)
        return _letter(message)


def _letter(message: Message) -> Letter:
    participant, language = _participant(message), active_language()
    body = _BODIES[Message.Kind(message.kind)](message)
    own = own_words(message)
    frame = remembered(("frame", language, participant.conference_id), lambda: _frame(participant.conference))
    return Letter(
        language=language,
        hint=frame.hint,
        subject=own.subject or one_line(body.subject),
        greeting=greeting_of(participant, language),
        opening=(*(own.opening or body.opening), *body.facts),
        text=body.text,
        sections=body.sections,
        button=_button(message, body.button or _("To my registrations"), participant.conference),
        closing=(*calendar.words_of(message), *body.closing),
        signature=frame.signature,
        footer=frame.footer,
        unsubscribe=_unsubscribe(message, language),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around every letter of a conference, in one language."""

    hint: str
    signature: tuple[str, ...]
    footer: tuple[str, ...]


def _frame(conference: Conference) -> _Frame:
    return _Frame(
        # Translators: stands above the first part of a mail in two languages, in the language of the second.
        hint=_("You will find this text in English further below."),
        signature=_signature(conference),
        footer=_footer(conference),
    )


def greeting_of(participant: Participant, language: str) -> str:
    name = one_line(participant.full_name)
    to_somebody, to_nobody = _greetings(language)
    return to_somebody % {"name": name} if name else to_nobody


@cache
def _greetings(language: str) -> tuple[str, str]:
    with override(language):
        # Translators: the sentence that follows begins a new paragraph; in German it goes on in small letters.
        return _("Dear %(name)s,"), _("Good day,")


def _signature(conference: Conference) -> tuple[str, ...]:
    sender = choose(text_of(conference, "sender_name"), active_language())[0]
    return (_("Kind regards"), sender, _conference_name(conference))


def _footer(conference: Conference) -> tuple[str, ...]:
    values = {"contact": conference.contact_email}
    return (
        _(
            "This message was written automatically. If you have a question, simply reply to it, or write to "
            "%(contact)s."
        )
        % values,
    )


def _unsubscribe(message: Message, language: str) -> Button | None:
    """In mail nobody asked for, where everybody can see it (RFC 8058 needs it in a header besides)."""
    if message.kind not in Message.UNASKED or message.link is None:
        return None
    address = way_out(message.link, language)
    if message.kind in Message.CANVASSING:
        return Button(
            _("No more invitations"),
            address,
            _("If you do not wish to be invited to this conference again, please tell us here:"),
        )
    return Button(
        _("No more such messages"),
        address,
        _(
            "If you do not wish to get such messages, please tell us here. Mail about your own registration still "
            "reaches you:"
        ),
    )


def way_in(link: PersonalLink, language: str) -> str:
    return _address("registration:invitation", language).format(token_of(link=link))


def way_out(link: PersonalLink, language: str) -> str:
    return _address("registration:unsubscribe", language).format(unsubscribe_token(link=link))


@lru_cache(maxsize=16)
def _address(name: str, language: str) -> str:
    """With a gap for the token: to look up a route takes longer than to write the rest of the letter."""
    gap = "1-" + "_" * TOKEN_LENGTH if name == "registration:unsubscribe" else "_" * TOKEN_LENGTH
    with override(language):
        path = reverse(name, kwargs={"token": gap})
    return (settings.BASE_URL + path).replace("{", "{{").replace("}", "}}").replace(gap, "{}")


def _conference_name(conference: Conference) -> str:
    return choose(text_of(conference, "name"), active_language())[0]


def _button(message: Message, label: str, conference: Conference) -> Button:
    """The personal link; where it no longer opens anything, the page on which one asks for a new one."""
    link = message.link
    if link is None or not is_open(link):
        return Button(
            _("Ask for a new personal link"),
            settings.BASE_URL + reverse("registration:link"),
            _("Your former personal link is no longer valid."),
        )
    language = active_language()
    return Button(
        label,
        way_in(link, language),
        remembered(
            ("valid until", language, conference.pk, link.expires_at), lambda: _validity(link, conference)
        ),
    )


def _validity(link: PersonalLink, conference: Conference) -> str:
    explanation = _("This link is yours alone and valid until %(moment)s. Please do not pass it on.")
    return explanation % {"moment": moment_text(link.expires_at, conference.zones)}


def _invitation(message: Message) -> Body:
    conference = _participant(message).conference
    invited = workshops_of(message.invitation) if message.invitation else ()
    key = "invitation", active_language(), conference.pk, tuple(workshop.pk for workshop in invited)
    return remembered(key, lambda: _invitation_to(conference, invited))


def _invitation_to(conference: Conference, invited: Sequence[Workshop]) -> Body:
    """The same for everybody who is invited to these."""
    events = events_of(conference, invited)
    name = _conference_name(conference)
    return Body(
        subject=_("Invitation: %(conference)s") % {"conference": name},
        opening=(_("We cordially invite you to our conference “%(conference)s”.") % {"conference": name},),
        facts=(_counted(len(events)),),
        sections=tuple(introduction_of(event) for event in events),
        button=_("Register"),
        closing=(
            _(
                "Registering takes about a minute and needs no account: open your personal link, choose the "
                "events and whether you take part actively or listen, and send the form."
            ),
            _("If you cannot come, you can tell us so on the same page."),
        ),
    )


def _counted(events: int) -> str:
    if events == 1:
        return _("You can register for this event:")
    return _("You can register for one or several of these events:")


def _link(message: Message) -> Body:
    participant = _participant(message)
    current = participant.registrations.exclude(
        status__in=[Registration.Status.CANCELLED, Registration.Status.DECLINED]
    ).select_related("workshop", "participant__conference")
    sections = tuple(section_of(event_of(entry), state_of(entry)) for entry in current.order_by("workshop"))
    return Body(
        subject=_("Your personal link: %(conference)s")
        % {"conference": _conference_name(participant.conference)},
        opening=(_("Here is your personal link. It leads to your registrations, without an account."),),
        facts=(_("You are registered for the following:"),) if sections else (),
        sections=sections,
        button=_("Open my page"),
        closing=(_("If you did not ask for this link, you need not do anything."),),
    )


def _received(message: Message) -> Body:
    registration = registration_of(message)
    return Body(
        subject=_("We have received your registration: %(title)s") % title_of(registration),
        opening=(_("Thank you for registering."),),
        sections=(section_of(event_of(registration), state_of(registration)),),
        closing=(_("Until the organisers have decided, you need not do anything."),),
    )


def _confirmed(message: Message) -> Body:
    registration = registration_of(message)
    return Body(
        subject=_("Confirmed: %(title)s") % title_of(registration),
        opening=(_("Your registration is confirmed."),),
        facts=(state_of(registration),),
        sections=(section := admission_of(registration),),
        closing=_for_admitted(section),
    )


def _promoted(message: Message) -> Body:
    registration = registration_of(message)
    return Body(
        subject=_("You have a place: %(title)s") % title_of(registration),
        opening=(_("A place has become free, and it is yours: you are no longer on the waiting list."),),
        facts=(state_of(registration),),
        sections=(section := admission_of(registration),),
        closing=_for_admitted(section),
    )


def _declined(message: Message) -> Body:
    registration = registration_of(message)
    return Body(
        subject=_("Not confirmed: %(title)s") % title_of(registration),
        opening=(_("Thank you for your interest."),),
        facts=(state_of(registration), *reason_of(registration)),
        sections=(section_of(event_of(registration)),),
        closing=(_("On your page you can see which other events are open to you."),),
    )


def _cancelled(message: Message) -> Body:
    registration = registration_of(message)
    return Body(
        subject=_("Cancelled: %(title)s") % title_of(registration),
        opening=(_("Your registration for this event has been cancelled."),),
        sections=(section_of(event_of(registration)),),
        closing=(
            _("Access details sent to you for it are no longer meant for you."),
            _("If that was a mistake, you can register again on your page while registration is open."),
        ),
    )


def _access(message: Message) -> Body:
    registration = registration_of(message)
    return Body(
        subject=_("Access details: %(title)s") % title_of(registration),
        opening=(_("With these access details you can join the event."),),
        facts=(state_of(registration),),
        sections=(section := announcement_of(message, registration),),
        closing=_for_admitted(section),
    )


def _access_changed(message: Message) -> Body:
    registration = registration_of(message)
    return Body(
        subject=_("Changed access details: %(title)s") % title_of(registration),
        opening=(_("The access details have changed. Please use only those in this message from now on."),),
        facts=(state_of(registration),),
        sections=(section := announcement_of(message, registration),),
        closing=_for_admitted(section),
    )


def _for_admitted(section: Section) -> tuple[str, ...]:
    return (
        *keep_to_yourself(section),
        _("If you cannot come, please cancel on your page, so that somebody else can have your place."),
    )


def _participant(message: Message) -> Participant:
    if message.participant is None:
        raise ValueError("this kind of message is about a participant")
    return message.participant


_BODIES: dict[Message.Kind, Callable[[Message], Body]] = {
    Message.Kind.INVITATION: _invitation,
    Message.Kind.REMINDER: reminder,
    Message.Kind.LINK: _link,
    Message.Kind.RECEIVED: _received,
    Message.Kind.CONFIRMED: _confirmed,
    Message.Kind.WAITLISTED: waiting.waitlisted,
    Message.Kind.PROMOTED: _promoted,
    Message.Kind.OFFERED: waiting.offered,
    Message.Kind.OFFER_LAPSED: waiting.offer_lapsed,
    Message.Kind.MOVED_UP: waiting.moved_up,
    Message.Kind.DECLINED: _declined,
    Message.Kind.CANCELLED: _cancelled,
    Message.Kind.ACCESS: _access,
    Message.Kind.ACCESS_CHANGED: _access_changed,
    Message.Kind.ANNOUNCEMENT: announcement,
    Message.Kind.DAY_BEFORE: reminders.day_before,
    Message.Kind.HOUR_BEFORE: reminders.hour_before,
    Message.Kind.THANKS: thanks,
    Message.Kind.PROGRAMME_CHANGED: changes.programme_changed,
}
