"""A participant's own page: what is registered, when it is on both clocks, how to get in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from registration.cards import Card, cards_of, with_material
from registration.changed_since import ChangeNote, notes_for
from registration.domain.standing import read_registrations
from registration.models import Invitation, Registration
from registration.offers import GONE, Offer, offers_for
from registration.views.join import allow_joining
from registration.views.page import page
from registration.views.visit import Visit, participants_page
from workshops.domain.calendar.source import source_of
from workshops.domain.programme import PlatformEntry, common_legend
from workshops.languages import Text, text_of
from workshops.models import Workshop


@require_safe
@participants_page
def my(request: HttpRequest, visit: Visit) -> HttpResponse:
    registered = read_registrations(participant=visit.participant)
    changes = notes_for(registrations=registered, programme=visit.programme)
    offers = offers_for(participant=visit.participant, programme=visit.programme)
    cards = with_material(
        cards_of(offers, at=timezone.now(), country=visit.participant.country, changes=changes)
    )
    context = {
        "conference": visit.programme.conference,
        "participant": visit.participant,
        "calendars": source_of(programme=visit.programme) if cards else None,
        "current": [card for card in cards if not card.is_past],
        "past": [card for card in cards if card.is_past],
        "taken_out": [note for note in changes.values() if note.is_taken_out],
        "not_shown": _not_shown(registered, offers, changes),
        "legend": common_legend(day for card in cards for day in card.entry.days),
        "platforms": _platforms(cards),
        "invitation": None if cards else _newest_invitation(visit),
        "can_choose": any(offer.is_open for offer in offers),
    }
    response = page(request, "my.html", context)
    if origins := _platforms_to_join(cards):
        allow_joining(response, origins)
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
    return [platform for platform in used.values() if _helps(platform)]


def _helps(platform: PlatformEntry) -> bool:
    return any((*platform.instructions.values(), *platform.connection_test.values()))


def _not_shown(
    registered: Iterable[Registration], offers: list[Offer], changes: Mapping[int, ChangeNote]
) -> list[Text]:
    """The titles of what is registered and stands in no programme now, where nothing else on the page says so."""
    shown = {offer.workshop.pk for offer in offers} | set(changes)
    missing = [
        row.workshop_id for row in registered if row.workshop_id not in shown and row.status not in GONE
    ]
    if not missing:
        return []
    return [text_of(workshop, "title") for workshop in Workshop.objects.filter(pk__in=missing)]


def _newest_invitation(visit: Visit) -> Invitation | None:
    return visit.participant.invitations.order_by("-created_at", "-pk").first()
