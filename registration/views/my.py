"""A participant's own page: what is registered, when it is on both clocks, how to get in."""

from __future__ import annotations

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from registration.cards import Card, cards_of
from registration.changed_since import notes_for
from registration.models import Invitation
from registration.offers import offers_for
from registration.views.page import page
from registration.views.visit import Visit, participants_page
from workshops.domain.programme import PlatformEntry, common_legend


@require_safe
@participants_page
def my(request: HttpRequest, visit: Visit) -> HttpResponse:
    # Read once: the offers are made of them, and so is what has changed.
    prefetch_related_objects([visit.participant], "registrations")
    registered = visit.participant.registrations.all()
    changes = notes_for(registrations=registered, programme=visit.programme)
    offers = offers_for(participant=visit.participant, programme=visit.programme)
    cards = cards_of(offers, at=timezone.now(), country=visit.participant.country, changes=changes)
    context = {
        "participant": visit.participant,
        "current": [card for card in cards if not card.is_past],
        "past": [card for card in cards if card.is_past],
        "taken_out": [note for note in changes.values() if note.is_taken_out],
        "legend": common_legend(day for card in cards for day in card.entry.days),
        "platforms": _platforms(cards),
        "invitation": _newest_invitation(visit),
        "can_choose": any(offer.is_open for offer in offers),
    }
    response = page(request, "my.html", context)
    if origins := _platforms_to_join(cards):
        # Browsers hold a form to the policy also where it is sent on: see "form-action" in CSP Level 3.
        response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]
    return response


def _platforms_to_join(cards: list[Card]) -> list[str]:
    return sorted({day.join_origin for card in cards for day in card.days if day.has_join_button})


def _platforms(cards: list[Card]) -> list[PlatformEntry]:
    """Each platform somebody has to find their way into, once."""
    used = {
        card.entry.platform.name: card.entry.platform
        for card in cards
        if card.shows_instructions and card.entry.platform
    }
    return [platform for platform in used.values() if any(platform.instructions.values())]


def _newest_invitation(visit: Visit) -> Invitation | None:
    return visit.participant.invitations.order_by("-created_at", "-pk").first()
