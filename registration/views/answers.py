"""What a person does with one button: cancel, change roles, decline, take a place offered or not, leave this browser.

Only the button acts, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.errors import too_many_requests
from registration import participant_session
from registration.domain.answer_offer import accept_offer, pass_offer
from registration.domain.cancel import cancel_registration
from registration.domain.errors import DomainError
from registration.domain.invitation_lifecycle import decline_invitation
from registration.domain.switch_role import switch_role
from registration.models import Registration
from registration.offers import Offer, has_any, offers_for
from registration.switches import switch_for
from registration.throttle import count
from registration.views.page import page, see_other
from registration.views.visit import Visit, participants_page

_SECONDS, _TIMES = 600, 60


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def cancel(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    offer = _own(visit, slug)
    if request.method != "POST":
        return page(request, "cancel.html", {"offer": offer})
    if offer.is_registered and offer.registration is not None:
        cancel_registration(registration_id=offer.registration.pk)
        messages.success(request, _("Your registration is cancelled."))
    return see_other(reverse("registration:my"))


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def switch(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    """`role` is what the page with the button said: pressed twice, or in an old window, it does not switch back."""
    offer = _own(visit, slug)
    if request.method != "POST":
        return page(request, "switch.html", {"offer": offer, "switch": switch_for(offer)})
    # Each change owes a mail: counted together with those made in the form.
    if count("register", str(visit.link.pk), seconds=_SECONDS) > _TIMES:
        return too_many_requests(request, seconds=_SECONDS)
    if offer.registration is not None:
        _switch(request, offer.registration, request.POST.get("role", ""))
    return see_other(f"{reverse('registration:my')}#{offer.slug}")


def _switch(request: HttpRequest, registration: Registration, role: str) -> None:
    try:
        switch_role(registration_id=registration.pk, role=role)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("It is changed, and an e-mail is on its way to you. See below what holds now.")
        )


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def take(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    return _answer(request, _own(visit, slug), accept_offer, _("The place is yours."))


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def let_pass(request: HttpRequest, visit: Visit, slug: str) -> HttpResponse:
    said = _("You have let the place pass. Thank you for telling us.")
    return _answer(request, _own(visit, slug), pass_offer, said)


def _answer(request: HttpRequest, offer: Offer, answer: Callable[..., object], said: str) -> HttpResponse:
    """`role` is what the page with the button offered: it may have been open for long."""
    own_page = f"{reverse('registration:my')}#{offer.slug}"
    if request.method == "POST" and offer.registration is not None:
        role = request.POST.get("role", Registration.Role.ACTIVE)
        try:
            answer(registration_id=offer.registration.pk, role=role)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, said)
    return see_other(own_page)


def _own(visit: Visit, slug: str) -> Offer:
    offers = offers_for(participant=visit.participant, programme=visit.programme)
    for offer in offers:
        if offer.slug == slug and offer.registration is not None:
            return offer
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def decline(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method != "POST":
        offers = offers_for(participant=visit.participant, programme=visit.programme)
        return page(request, "decline.html", {"is_registered": has_any(offers)})
    decline_invitation(link=visit.link)
    messages.success(request, _("Thank you for telling us."))
    return see_other(reverse("registration:my"))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    participant_session.end(request)
    return see_other(reverse("registration:left"))


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    return page(request, "left.html")
