"""The “join” button: to the platform, and, with the person's consent, a note that they came."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registration.cards import Card, DayCard, cards_of
from registration.domain.attendance.join import join_day
from registration.offers import offers_for
from registration.throttle import throttle
from registration.views.page import see_other
from registration.views.visit import Visit, participants_page


@require_http_methods(["GET", "HEAD", "POST"])
@throttle(name="join", times=60, seconds=600)
@participants_page
def join(request: HttpRequest, visit: Visit, day: int) -> HttpResponse:
    card, chosen = _own(visit, day)
    if request.method != "POST":
        return see_other(f"{reverse('registration:my')}#{card.entry.slug}")
    if not (chosen.may_join and chosen.join_url):
        messages.error(
            request, _("One cannot join yet, or any more. The button appears half an hour before the start.")
        )
        return see_other(f"{reverse('registration:my')}#{card.entry.slug}")
    join_day(registration=card.registration, day_id=chosen.day.id, agrees=request.POST.get("agrees") == "yes")
    response = see_other(chosen.join_url)
    # The platform is not told where somebody comes from.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _own(visit: Visit, key: int) -> tuple[Card, DayCard]:
    """Somebody else's day looks like none."""
    offers = offers_for(participant=visit.participant, programme=visit.programme)
    for card in cards_of(offers, at=timezone.now(), country=visit.participant.country):
        for day in card.days:
            if day.day.id == key and card.is_admitted:
                return card, day
    raise Http404
