"""One's own calendar: the address a calendar program asks, the buttons that make and end it, and the file itself."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.errors import too_many_requests
from registration.domain.calendar.own_entries import own_calendar
from registration.domain.calendar.subscribe import end_subscription, renew_subscription, subscribe
from registration.domain.calendar.token import open_subscription
from registration.domain.tokens import LinkError, LinkUnknown
from registration.models import Participant
from registration.throttle import count
from registration.views.page import private, see_other
from registration.views.visit import Visit, participants_page
from workshops.domain.calendar.write import to_ical

CONTENT_TYPE = "text/calendar; charset=utf-8"
_SECONDS, _TIMES = 600, 30
_ACTIONS: dict[str, tuple[Callable[..., Any], Promise]] = {
    "subscribe": (subscribe, _("Your calendar address is ready.")),
    "renew": (renew_subscription, _("You have a new calendar address; the former one no longer works.")),
    "end": (end_subscription, _("Your calendar address is switched off.")),
}


@require_safe
def subscription(request: HttpRequest, token: str) -> HttpResponse:
    """For a program, without a session or a cookie: the token is the proof, and opens nothing else."""
    try:
        response = _file(request, open_subscription(token=token).participant)
    except LinkUnknown as error:
        response = _problem(error, HTTPStatus.NOT_FOUND)
    except LinkError as error:
        response = _problem(error, HTTPStatus.GONE)
    # This address holds the token.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@participants_page
def own_file(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _file(request, visit.participant)


@require_http_methods(["GET", "HEAD", "POST"])
@participants_page
def own_address(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Only the buttons act; the address alone leads to the page where they are."""
    action, said = _ACTIONS.get(request.POST.get("action", ""), (None, None))
    if request.method == "POST" and action is not None:
        if count("calendar", str(visit.participant.pk), seconds=_SECONDS) > _TIMES:
            return too_many_requests(request, seconds=_SECONDS)
        action(link=visit.link)
        messages.success(request, str(said))
    return see_other(f"{reverse('registration:my')}#calendar")


def _file(request: HttpRequest, participant: Participant) -> HttpResponse:
    calendar = own_calendar(participant=participant)
    if calendar is None:
        return _problem(_("The programme has not been published yet."), HTTPStatus.NOT_FOUND)
    headers = {"Content-Disposition": 'inline; filename="my-events.ics"'}
    response = private(HttpResponse(to_ical(calendar=calendar), content_type=CONTENT_TYPE, headers=headers))
    set_response_etag(response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


def _problem(message: object, status: HTTPStatus) -> HttpResponse:
    """For programs, which show their user at best its first line."""
    return private(HttpResponse(f"{message}\n", status=status, content_type="text/plain; charset=utf-8"))
