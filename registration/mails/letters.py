"""What each kind of message says, in the language that is active."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from registration.domain.outbox.still_owed import is_open
from registration.domain.tokens import token_of
from registration.domain.waitlist import waiting_position
from registration.mails.events import events_of
from registration.mails.letter import Button, Detail, Letter, Section
from registration.mails.sections import admission_of, announcement_of, event_of, introduction_of, section_of
from registration.mails.times import moment_text
from registration.models import BarrierReport, Message, Participant, Registration
from registration.sentences import sentence_for
from workshops.languages import active_language, choose, text_of
from workshops.models import Conference

_TITLE_LENGTH = 90


@dataclass(frozen=True, slots=True)
class _Body:
    """What differs from kind to kind."""

    subject: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    button: str = ""
    closing: tuple[str, ...] = ()


def compose(*, message: Message, language_code: str) -> Letter:
    """The letter a message owes, in one language. Raises what reading the message's objects raises."""
    with override(language_code):
        if message.kind == Message.Kind.BARRIER_REPORT:
            return _barrier_letter(report_of(message))
        return _letter(message)


def report_of(message: Message) -> BarrierReport:
    return BarrierReport.objects.select_related("conference").get(pk=message.facts["barrier_report"])


def _letter(message: Message) -> Letter:
    participant = _participant(message)
    body = _BODIES[Message.Kind(message.kind)](message)
    return Letter(
        language=active_language(),
        # Translators: stands above the first part of a mail in two languages, in the language of the second.
        hint=_("You will find this text in English further below."),
        subject=one_line(body.subject),
        greeting=_greeting(participant),
        opening=body.opening,
        sections=body.sections,
        button=_button(message, body.button or _("To my registrations"), participant.conference),
        closing=body.closing,
        signature=_signature(participant.conference),
        footer=_footer(participant.conference),
    )


def one_line(text: str) -> str:
    """For headers and names: no line break, and no invisible mark that turns the text after it around."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _greeting(participant: Participant) -> str:
    name = one_line(participant.full_name)
    # Translators: the sentence that follows begins a new paragraph; in German it goes on in small letters.
    return _("Dear %(name)s,") % {"name": name} if name else _("Good day,")


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
    explanation = _("This link is yours alone and valid until %(moment)s. Please do not pass it on.")
    return Button(
        label,
        settings.BASE_URL + reverse("registration:invitation", kwargs={"token": token_of(link=link)}),
        explanation % {"moment": moment_text(link.expires_at, conference.zones)},
    )


def _invitation(message: Message) -> _Body:
    conference = _participant(message).conference
    invited = message.invitation.workshops.all() if message.invitation else ()
    events = events_of(conference, invited)
    name = _conference_name(conference)
    return _Body(
        subject=_("Invitation: %(conference)s") % {"conference": name},
        opening=(
            _("We cordially invite you to our conference “%(conference)s”.") % {"conference": name},
            _counted(len(events)),
        ),
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


def _link(message: Message) -> _Body:
    participant = _participant(message)
    current = participant.registrations.exclude(
        status__in=[Registration.Status.CANCELLED, Registration.Status.DECLINED]
    ).select_related("workshop", "participant__conference")
    sections = tuple(section_of(event_of(entry), _state(entry)) for entry in current.order_by("workshop"))
    opening = [_("Here is your personal link. It leads to your registrations, without an account.")]
    if sections:
        opening.append(_("You are registered for the following:"))
    return _Body(
        subject=_("Your personal link: %(conference)s")
        % {"conference": _conference_name(participant.conference)},
        opening=tuple(opening),
        sections=sections,
        button=_("Open my page"),
        closing=(_("If you did not ask for this link, you need not do anything."),),
    )


def _received(message: Message) -> _Body:
    registration = _registration(message)
    return _Body(
        subject=_("We have received your registration: %(title)s") % _title(registration),
        opening=(_("Thank you for registering."),),
        sections=(section_of(event_of(registration), _state(registration)),),
        closing=(_("Until the organisers have decided, you need not do anything."),),
    )


def _confirmed(message: Message) -> _Body:
    registration = _registration(message)
    return _Body(
        subject=_("Confirmed: %(title)s") % _title(registration),
        opening=(_("Your registration is confirmed."), _state(registration)),
        sections=(section := admission_of(registration),),
        closing=_for_admitted(section),
    )


def _promoted(message: Message) -> _Body:
    registration = _registration(message)
    return _Body(
        subject=_("You have a place: %(title)s") % _title(registration),
        opening=(
            _("A place has become free, and it is yours: you are no longer on the waiting list."),
            _state(registration),
        ),
        sections=(section := admission_of(registration),),
        closing=_for_admitted(section),
    )


def _waitlisted(message: Message) -> _Body:
    registration = _registration(message)
    listens = registration.admitted_role is not None
    section = admission_of(registration) if listens else section_of(event_of(registration))
    return _Body(
        subject=_("Waiting list: %(title)s") % _title(registration),
        opening=(_("All places of the kind you asked for are taken at the moment."), _state(registration)),
        sections=(section,),
        closing=(
            _("As soon as a place is yours, we will write to you. You need not do anything."),
            _("If you no longer wish to wait, please cancel on your page."),
            *_keep_to_yourself(section),
        ),
    )


def _declined(message: Message) -> _Body:
    registration = _registration(message)
    return _Body(
        subject=_("Not confirmed: %(title)s") % _title(registration),
        opening=(_("Thank you for your interest."), _state(registration)),
        sections=(section_of(event_of(registration)),),
        closing=(_("On your page you can see which other events are open to you."),),
    )


def _cancelled(message: Message) -> _Body:
    registration = _registration(message)
    return _Body(
        subject=_("Cancelled: %(title)s") % _title(registration),
        opening=(_("Your registration for this event has been cancelled."),),
        sections=(section_of(event_of(registration)),),
        closing=(
            _("Access details sent to you for it are no longer meant for you."),
            _("If that was a mistake, you can register again on your page while registration is open."),
        ),
    )


def _access(message: Message) -> _Body:
    registration = _registration(message)
    return _Body(
        subject=_("Access details: %(title)s") % _title(registration),
        opening=(_("With these access details you can join the event."), _state(registration)),
        sections=(section := announcement_of(message, registration),),
        closing=_for_admitted(section),
    )


def _access_changed(message: Message) -> _Body:
    registration = _registration(message)
    return _Body(
        subject=_("Changed access details: %(title)s") % _title(registration),
        opening=(
            _("The access details have changed. Please use only those in this message from now on."),
            _state(registration),
        ),
        sections=(section := announcement_of(message, registration),),
        closing=_for_admitted(section),
    )


def _for_admitted(section: Section) -> tuple[str, ...]:
    return (
        *_keep_to_yourself(section),
        _("If you cannot come, please cancel on your page, so that somebody else can have your place."),
    )


def _keep_to_yourself(section: Section) -> tuple[str, ...]:
    if not any(day.details for day in section.access):
        return ()
    return (_("Access details are meant for you alone. Please do not pass them on."),)


def _state(registration: Registration) -> str:
    return str(sentence_for(registration, position=waiting_position(registration=registration)).text)


def _title(registration: Registration) -> dict[str, str]:
    title = choose(event_of(registration).title, active_language())[0]
    short = title if len(title) <= _TITLE_LENGTH else f"{title[: _TITLE_LENGTH - 1].rstrip()}…"
    return {"title": short}


def _participant(message: Message) -> Participant:
    if message.participant is None:
        raise ValueError("this kind of message is about a participant")
    return message.participant


def _registration(message: Message) -> Registration:
    if message.registration is None:
        raise ValueError("this kind of message is about a registration")
    return message.registration


def _barrier_letter(report: BarrierReport) -> Letter:
    found = (
        Detail(_("Page"), report.page),
        Detail(_("What does not work"), report.description),
        Detail(_("Reported"), moment_text(report.created_at, report.conference.zones)),
        Detail(_("Answer to"), report.email or _("no address was given")),
    )
    answer = _("Please answer within a month: a reply to this message reaches the person who reported it.")
    return Letter(
        language=active_language(),
        subject=one_line(_("Barrier reported: %(page)s") % {"page": report.page or _("no page named")}),
        greeting=_("Dear organisers,"),
        opening=(_("Somebody could not use a page of the conference and tells you so:"),),
        details=tuple(detail for detail in found if detail.value),
        closing=(answer,) if report.email else (),
        signature=(_conference_name(report.conference),),
    )


_BODIES: dict[Message.Kind, Callable[[Message], _Body]] = {
    Message.Kind.INVITATION: _invitation,
    Message.Kind.LINK: _link,
    Message.Kind.RECEIVED: _received,
    Message.Kind.CONFIRMED: _confirmed,
    Message.Kind.WAITLISTED: _waitlisted,
    Message.Kind.PROMOTED: _promoted,
    Message.Kind.DECLINED: _declined,
    Message.Kind.CANCELLED: _cancelled,
    Message.Kind.ACCESS: _access,
    Message.Kind.ACCESS_CHANGED: _access_changed,
}
