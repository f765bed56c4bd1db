"""Who somebody is, changed without going through the whole registration again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.errors import too_many_requests
from registration.details_form import DetailsForm, known_details
from registration.domain.change_details import change_details
from registration.domain.privacy_to_consent import privacy_to_consent
from registration.offers import form_state, is_of_somebody_else
from registration.throttle import count
from registration.views.page import CONFLICT, UNPROCESSABLE, page, see_other
from registration.views.visit import Visit, participants_page
from workshops.languages import active_language, text_of

_SECONDS, _TIMES = 600, 60


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def details(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST":
        if count("details", str(visit.link.pk), seconds=_SECONDS) > _TIMES:
            return too_many_requests(request, seconds=_SECONDS)
        return _submit(request, visit)
    known = known_details(visit.participant, page_language=active_language())
    return _show(
        request, visit, DetailsForm(privacy=privacy_to_consent(participant=visit.participant), initial=known)
    )


def _submit(request: HttpRequest, visit: Visit) -> HttpResponse:
    privacy = privacy_to_consent(participant=visit.participant)
    form = DetailsForm(request.POST, privacy=privacy)
    if not form.is_valid():
        return _show(request, visit, form, status=UNPROCESSABLE)
    if is_of_somebody_else(state=request.POST.get("state", ""), participant=visit.participant):
        return _show(request, visit, form, status=CONFLICT, is_of_somebody_else=True)
    change_details(
        participant_id=visit.participant.pk,
        details=form.details,
        consent=privacy,
        language=active_language(),
    )
    messages.success(request, _("Your details are saved. The organisers’ lists show them from now on."))
    return see_other(f"{reverse('registration:my')}#you")


def _show(
    request: HttpRequest,
    visit: Visit,
    form: DetailsForm,
    *,
    status: int = 200,
    is_of_somebody_else: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "participant": visit.participant,
        "state": form_state(participant=visit.participant),
        "is_of_somebody_else": is_of_somebody_else,
        "consent_text": text_of(form.privacy, "consent") if form.privacy else {},
    }
    return page(request, "details.html", context, status=status)
