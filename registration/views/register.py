"""The form: who you are, which workshops, in which role."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.errors import too_many_requests
from registration.details_form import known_details
from registration.domain.errors import DomainError
from registration.domain.register import ChoicesRefused, Outcome, submit_registration
from registration.forms import RegistrationForm
from registration.models import Invitation, Participant, PrivacyVersion
from registration.offers import Offer, form_state, has_any, is_of_somebody_else, offers_for
from registration.throttle import count
from registration.views.page import CONFLICT, UNPROCESSABLE, page, see_other
from registration.views.visit import Visit, participants_page
from workshops.domain.programme import common_legend
from workshops.languages import active_language, text_of

_SECONDS, _TIMES = 600, 60


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def register(request: HttpRequest, visit: Visit) -> HttpResponse:
    offers = offers_for(participant=visit.participant, programme=visit.programme)
    if request.method == "POST":
        # Counted by link, not by address: a whole office may register from behind one.
        if count("register", str(visit.link.pk), seconds=_SECONDS) > _TIMES:
            return too_many_requests(request, seconds=_SECONDS)
        return _submit(request, visit, offers)
    form = RegistrationForm(
        offers=offers,
        privacy=privacy_to_consent(visit.participant),
        initial=known_details(visit.participant, page_language=active_language()),
    )
    return _show(request, visit, form)


def privacy_to_consent(participant: Participant) -> PrivacyVersion | None:
    """The current privacy notice, where this person has not consented to it yet."""
    current = PrivacyVersion.objects.filter(conference=participant.conference_id).order_by("-number").first()
    if current is None or participant.consents.filter(version=current).exists():
        return None
    return current


def _submit(request: HttpRequest, visit: Visit, offers: list[Offer]) -> HttpResponse:
    privacy = privacy_to_consent(visit.participant)
    form = RegistrationForm(request.POST, offers=offers, privacy=privacy)
    if not form.is_valid():
        return _show(request, visit, form, status=UNPROCESSABLE)
    if conflict := _conflict(request.POST.get("state", ""), visit.participant, form):
        return _show(request, visit, form, status=CONFLICT, conflict=conflict)
    try:
        outcomes = submit_registration(
            participant=visit.participant,
            details=form.details,
            choices=form.choices,
            listens=form.listens,
            consent=privacy,
            language=active_language(),
        )
    except ChoicesRefused as error:
        form.refuse(error.errors)
        return _show(request, visit, form, status=UNPROCESSABLE)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _show(request, visit, form, status=UNPROCESSABLE)
    messages.success(request, _said(outcomes))
    if form.has_clash:
        messages.warning(request, _("Some of your events take place at the same time. See below which ones."))
    return see_other(reverse("registration:my"))


def _conflict(state: str, participant: Participant, form: RegistrationForm) -> str:
    """Why a form that was opened earlier must be looked at again; empty where it may be kept as it is."""
    if is_of_somebody_else(state=state, participant=participant):
        return _(
            "Meanwhile another personal link was opened in this browser. What you typed is kept below; "
            "please check whom you are registering, then send it again."
        )
    if state and state != form_state(participant=participant) and form.changes_something:
        return _(
            "Meanwhile your registration has changed, perhaps in another window. What you chose is kept; "
            "please compare it with what is registered now, then send it again."
        )
    return ""


def _said(outcomes: list[Outcome]) -> str:
    if any(outcome.changed for outcome in outcomes):
        return _("Your registration is saved, and an e-mail is on its way to you.")
    return _("Your details are saved. Nothing has changed in your registration.")


def _show(
    request: HttpRequest, visit: Visit, form: RegistrationForm, *, status: int = 200, conflict: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "questions": form.questions,
        "participant": visit.participant,
        "zones": visit.programme.conference.zones,
        "legend": common_legend(day for offer in form.offers for day in offer.entry.days),
        "state": form_state(participant=visit.participant),
        "conflict": conflict,
        "is_registered": has_any(form.offers),
        "consent_text": text_of(form.privacy, "consent") if form.privacy else {},
        "is_invited": _is_invited(visit.participant),
    }
    return page(request, "register.html", context, status=status)


def _is_invited(participant: Participant) -> bool:
    """Whether an invitation is still to be answered."""
    open_states = [Invitation.Status.QUEUED, Invitation.Status.SENT]
    return participant.invitations.filter(status__in=open_states).exists()
