"""The questions of the form as HTML.

Whoever is registered for nothing yet reads the same questions as all others to whom the same is offered, and nothing
costs the page more: so these are kept, in this process.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from registration.clashes import clashes_between
from registration.forms import RegistrationForm
from registration.models import Registration
from registration.offers import Offer
from workshops.domain.programme import Programme, common_legend
from workshops.languages import active_language

_ROLES = tuple(Registration.Role.values)
# Each language, while places run out one workshop after the other.
_KEPT_AT_MOST = 128


@dataclass(frozen=True, slots=True)
class _Asked:
    """Two are equal where the questions read the same. `offers` are nobody's: none has a registration."""

    language: str
    prefix: str
    release: tuple[int, int, dt.datetime | None]
    facts: tuple[object, ...]
    offers: tuple[Offer, ...] = field(compare=False, repr=False)


def questions_html(form: RegistrationForm, *, programme: Programme) -> SafeString:
    """In the active language."""
    if form.has_questions:
        return _drawn(form)
    release = (programme.conference.id, programme.release_number, programme.released_at)
    offers = tuple(form.offers)
    return _kept(_Asked(active_language(), get_script_prefix(), release, _facts(offers), offers))


@functools.lru_cache(maxsize=_KEPT_AT_MOST)
def _kept(asked: _Asked) -> SafeString:
    return _drawn(RegistrationForm(offers=asked.offers, privacy=None))


def _drawn(form: RegistrationForm) -> SafeString:
    """Without the request: nothing of who asks can get in but what the form holds."""
    context = {
        "questions": form.questions,
        "zones": form.offers[0].zones if form.offers else (),
        "legend": common_legend(day for offer in form.offers for day in offer.entry.days),
    }
    return render_to_string("registration/partials/questions.html", context)


def _facts(offers: tuple[Offer, ...]) -> tuple[object, ...]:
    """All that these questions say besides what is released."""
    clashes = clashes_between(offers)
    return tuple(
        (
            offer.slug,
            offer.window,
            offer.workshop.kind,
            offer.workshop.confirmation,
            offer.workshop.promotion,
            offer.workshop.registration_opens_at,
            offer.workshop.registration_closes_at,
            *(offer.is_full(role) for role in _ROLES),
            *((clash.other.slug, clash.date, clash.faces) for clash in clashes.get(offer.slug, ())),
        )
        for offer in offers
    )
