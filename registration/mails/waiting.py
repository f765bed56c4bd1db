"""Letters about the waiting list: standing on it, moving up, a place offered, an offer that has ended."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registration.mails.body import Body, registration_of, state_of, title_of
from registration.mails.sections import admission_of, event_of, keep_to_yourself, section_of
from registration.models import Message, Registration
from workshops.clocks import legend
from workshops.models import Workshop
from workshops.templatetags.texts import clock_meaning


def waitlisted(message: Message) -> Body:
    registration = registration_of(message)
    listens = registration.admitted_role is not None
    section = admission_of(registration) if listens else section_of(event_of(registration))
    return Body(
        subject=_("Waiting list: %(title)s") % title_of(registration),
        opening=(_("All places of the kind you asked for are taken at the moment."),),
        facts=(state_of(registration),),
        sections=(section,),
        closing=(*_for_waiting(registration), *keep_to_yourself(section)),
    )


def _for_waiting(registration: Registration) -> tuple[str, ...]:
    at_once = _("As soon as a place is yours, we will write to you. You need not do anything.")
    offer = _(
        "As soon as a place is free for you, we will offer it to you by e-mail and hold it until a deadline. "
        "Please answer then."
    )
    is_offered = registration.workshop.promotion == Workshop.Promotion.OFFER
    return (
        offer if is_offered else at_once,
        _("If you no longer wish to wait, please cancel on your page."),
    )


def offered(message: Message) -> Body:
    registration = registration_of(message)
    listens = _("If we do not hear from you by then, the place goes to the next person. You go on listening.")
    leaves = _(
        "If we do not hear from you by then, the place goes to the next person, and you are no longer on the "
        "waiting list."
    )
    return Body(
        subject=_("Please answer: a place is free for you – %(title)s") % title_of(registration),
        opening=(_("A place has become free, and it is your turn."),),
        facts=(
            state_of(registration),
            *_clocks_at(registration),
            _("Please say on your page whether you take it or let it pass."),
            listens if registration.listens_meanwhile else leaves,
        ),
        sections=(section_of(event_of(registration)),),
        button=_("Answer on my page"),
    )


def _clocks_at(registration: Registration) -> tuple[str, ...]:
    """What the clocks mean when the offer ends: a clock change may lie between that day and the event."""
    if registration.offered_until is None:
        return ()
    entries = legend(zones=registration.workshop.conference.zones, moment=registration.offered_until)
    return ("; ".join(clock_meaning(entry) for entry in entries),)


def offer_lapsed(message: Message) -> Body:
    registration = registration_of(message)
    listens = registration.status == Registration.Status.CONFIRMED
    return Body(
        subject=_("The offer has ended: %(title)s") % title_of(registration),
        opening=(
            _("We have not heard from you in time. The place that was held for you goes to the next person."),
        ),
        facts=(state_of(registration) if listens else _("You are no longer on the waiting list."),),
        sections=(section_of(event_of(registration)),),
        closing=(
            _(
                "If you still wish to have a place, you can ask for one on your page while registration is open."
            ),
        ),
    )


def moved_up(message: Message) -> Body:
    registration = registration_of(message)
    return Body(
        subject=_("You have moved up on the waiting list: %(title)s") % title_of(registration),
        opening=(_("The organisers have moved you up on the waiting list."),),
        facts=(state_of(registration),),
        sections=(section_of(event_of(registration)),),
        closing=_for_waiting(registration),
    )
