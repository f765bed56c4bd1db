"""The form: who you are, which workshops, in which role."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.errors import too_many_requests
from registration.domain.errors import DomainError
from registration.domain.register import ChoicesRefused, Outcome, register_for, until_placed
from registration.domain.standing import Standing, lock_standing
from registration.domain.transitions import NoPlaceLeft
from registration.forms import RegistrationForm
from registration.models import Participant, PrivacyVersion
from registration.offers import form_state, is_of_somebody_else, offers_for
from registration.throttle import count
from registration.views.page import CONFLICT, UNPROCESSABLE, keep_what_is_said, see_other
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
    sent = until_placed(partial(_attempt, request, visit))
    if sent.outcomes is None:
        return show(request, visit, sent.form, status=sent.status, conflict=sent.conflict)
    return see_other(reverse("registration:my"))


def _attempt(request: HttpRequest, visit: Visit, full: Collection[int]) -> Sent:
    """One transaction from the first look to the last word: what the form is checked against is what it changes."""
    standing = lock_standing(participant=visit.participant)
    sent = _take(request, visit, standing, full)
    if sent.outcomes is None:
        transaction.set_rollback(True)
    else:
        _tell(request, sent.form, sent.outcomes)
    return sent


def _tell(request: HttpRequest, form: RegistrationForm, outcomes: list[Outcome]) -> None:
    messages.success(request, _said(outcomes))
    if form.has_clash:
        messages.warning(request, _("Some of your events take place at the same time. See below which ones."))
    keep_what_is_said(request)


def _take(request: HttpRequest, visit: Visit, standing: Standing, full: Collection[int]) -> Sent:
    person, privacy = standing.participant, standing.privacy
    offers = offers_for(participant=person, programme=visit.programme, workshops=standing.workshops)
    form = RegistrationForm(request.POST, offers=offers, privacy=privacy)
    if not form.is_valid():
        return Sent(form)
    if conflict := _conflict(request.POST.get("state", ""), person, form):
        return Sent(form, status=CONFLICT, conflict=conflict)
    try:
        return Sent(form, _keep(standing, form, privacy, full))
    except ChoicesRefused as error:
        form.refuse(error.errors)
    except NoPlaceLeft:
        raise
    except DomainError as error:
        form.add_error(None, str(error.message))
    return Sent(form)


def _keep(
    standing: Standing, form: RegistrationForm, privacy: PrivacyVersion | None, full: Collection[int]
) -> list[Outcome]:
    return register_for(
        standing=standing,
        full=full,
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
