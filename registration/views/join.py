"""The way in: a waiting room, which becomes the “join” button; with the person's consent, a note that they came."""

from __future__ import annotations

from enum import StrEnum

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registration.cards import Card, cards_of
from registration.day_cards import DayCard
from registration.domain.attendance.join import join_day
from registration.offers import offers_for
from registration.throttle import throttle
from registration.views.page import page, see_other
from registration.views.visit import Visit, participants_page


class Room(StrEnum):
    """What the waiting room shows."""

    BEFORE = "before"
    NO_ACCESS = "no-access"
    OPEN = "open"
    OVER = "over"


@require_http_methods(["GET", "HEAD", "POST"])
@throttle(name="join", times=60, seconds=600)
@participants_page
def join(request: HttpRequest, visit: Visit, day: int) -> HttpResponse:
    card, chosen = _own(visit, day)
    if request.method != "POST":
        return _room(request, visit, card, chosen)
    if not (chosen.may_join and chosen.join_url):
        messages.error(request, _("One cannot join yet, or any more. This page says when the way in opens."))
        return see_other(reverse("registration:join", args=[chosen.day.id]))
    join_day(registration=card.registration, day_id=chosen.day.id, agrees=request.POST.get("agrees") == "yes")
    response = see_other(chosen.join_url)
    # The platform is not told where somebody comes from.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _room(request: HttpRequest, visit: Visit, card: Card, day: DayCard) -> HttpResponse:
    """Nothing of what lets one in stands in the page before it is open."""
    room = _state(day)
    context = {
        "participant": visit.participant,
        "card": card,
        "day": day,
        "room": room.value,
        "now": timezone.now(),
        "platform": card.entry.platform,
    }
    response = page(request, "waiting_room.html", context)
    if day.has_join_button:
        allow_joining(response, [day.join_origin])
    return response


def allow_joining(response: HttpResponse, origins: list[str]) -> None:
    """Browsers hold a form to the policy also where it is sent on: see "form-action" in CSP Level 3."""
    response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]


def _state(day: DayCard) -> Room:
    if day.is_past:
        return Room.OVER
    if not day.may_join:
        return Room.BEFORE
    return Room.OPEN if day.access is not None else Room.NO_ACCESS


def _own(visit: Visit, key: int) -> tuple[Card, DayCard]:
    """Somebody else's day looks like none."""
    offers = offers_for(participant=visit.participant, programme=visit.programme)
    for card in cards_of(offers, at=timezone.now(), country=visit.participant.country):
        for day in card.days:
            if day.day.id == key and card.is_admitted:
                return card, day
    raise Http404
