"""The form: who you are, which workshops, in which role."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.errors import too_many_requests
from registration.domain.errors import DomainError
from registration.domain.privacy_to_consent import privacy_to_consent
from registration.domain.register import ChoicesRefused, Outcome, register_for
from registration.domain.standing import Standing, lock_standing
from registration.forms import RegistrationForm
from registration.models import Participant, PrivacyVersion
from registration.offers import form_state, is_of_somebody_else, offers_for
from registration.throttle import count
from registration.views.page import CONFLICT, UNPROCESSABLE, see_other
from registration.views.register_page import show, show_empty
from registration.views.visit import Visit, participants_page
from workshops.languages import active_language

_SECONDS, _TIMES = 600, 60


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent, and what became of it; where nothing did, the page's status and what else it says."""

    form: RegistrationForm
    outcomes: list[Outcome] | None = None
    status: int = UNPROCESSABLE
    conflict: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def register(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method != "POST":
        offers = offers_for(participant=visit.participant, programme=visit.programme)
        return show_empty(request, visit, offers)
    # Counted by link, not by address: a whole office may register from behind one.
    if count("register", str(visit.link.pk), seconds=_SECONDS) > _TIMES:
        return too_many_requests(request, seconds=_SECONDS)
    return _submit(request, visit)


def _submit(request: HttpRequest, visit: Visit) -> HttpResponse:
    # One transaction from the first look to the last word: what the form is checked against is what it changes.
    with transaction.atomic():
        standing = lock_standing(participant_id=visit.participant.pk)
        sent = _take(request, visit, standing)
        transaction.set_rollback(sent.outcomes is None)
    if sent.outcomes is None:
        return show(request, visit, sent.form, status=sent.status, conflict=sent.conflict)
    messages.success(request, _said(sent.outcomes))
    if sent.form.has_clash:
        messages.warning(request, _("Some of your events take place at the same time. See below which ones."))
    return see_other(reverse("registration:my"))


def _take(request: HttpRequest, visit: Visit, standing: Standing) -> Sent:
    person, privacy = standing.participant, privacy_to_consent(participant=standing.participant)
    offers = offers_for(participant=person, programme=visit.programme, workshops=standing.workshops)
    form = RegistrationForm(request.POST, offers=offers, privacy=privacy)
    if not form.is_valid():
        return Sent(form)
    if conflict := _conflict(request.POST.get("state", ""), person, form):
        return Sent(form, status=CONFLICT, conflict=conflict)
    try:
        return Sent(form, _keep(standing, form, privacy))
    except ChoicesRefused as error:
        form.refuse(error.errors)
    except DomainError as error:
        form.add_error(None, str(error.message))
    return Sent(form)


def _keep(standing: Standing, form: RegistrationForm, privacy: PrivacyVersion | None) -> list[Outcome]:
    return register_for(
        standing=standing,
        details=form.details,
        choices=form.choices,
        listens=form.listens,
        consent=privacy,
        language=active_language(),
    )


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
