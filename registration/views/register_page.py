"""The form as a page: empty for whoever comes, or as it was sent, with what is to be mended."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from conference.kept_queries import KeptQuery
from conference.query_slots import key
from registration.details_form import known_details
from registration.domain.privacy_to_consent import privacy_to_consent
from registration.forms import RegistrationForm
from registration.models import Invitation, Participant
from registration.offers import Offer, form_state, has_any
from registration.person_markup import consent_html, person_html
from registration.question_markup import questions_html
from registration.views.page import page
from registration.views.visit import Visit
from workshops.domain.programme import common_legend
from workshops.languages import active_language, text_of

_TO_BE_ANSWERED: KeptQuery[Invitation] = KeptQuery(
    lambda: (
        Invitation.objects.filter(
            participant=key("participant"), status__in=[Invitation.Status.QUEUED, Invitation.Status.SENT]
        )
        .only("pk")
        .order_by()[:1]
    )
)


def show_empty(request: HttpRequest, visit: Visit, offers: list[Offer]) -> HttpResponse:
    form = RegistrationForm(
        offers=offers,
        has_questions=any(offer.registration is not None for offer in offers),
        privacy=privacy_to_consent(participant=visit.participant),
        initial=known_details(visit.participant, page_language=active_language()),
    )
    return show(request, visit, form)


def show(
    request: HttpRequest, visit: Visit, form: RegistrationForm, *, status: int = 200, conflict: str = ""
) -> HttpResponse:
    is_registered = has_any(form.offers)
    context = {
        "conference": visit.programme.conference,
        "form": form,
        "offered_places": form.offered_places if form.has_questions else (),
        "questions": questions_html(form, programme=visit.programme),
        "participant": visit.participant,
        "legend": common_legend(day for offer in form.offers for day in offer.entry.days),
        "state": form_state(participant=visit.participant),
        "conflict": conflict,
        "is_registered": is_registered,
        "person": person_html(form, participant=visit.participant),
        "consent": consent_html(form, text_of(form.privacy, "consent") if form.privacy else {}),
        "is_invited": not is_registered and _is_invited(visit.participant),
    }
    return page(request, "register.html", context, status=status)


def _is_invited(participant: Participant) -> bool:
    """Whether an invitation is still to be answered."""
    return _TO_BE_ANSWERED.first(participant=participant.pk) is not None
