"""Thanks after the last event, with the way to its results and to the certificate."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from registration.domain.certificates.due import Due, certificates_due
from registration.mails.body import Body, registration_of
from registration.mails.events import Event, events_of
from registration.mails.letter import Phrase, Section
from registration.mails.sections import section_of
from registration.models import Message, Registration
from workshops.languages import active_language, choose, text_of


def thanks(message: Message) -> Body:
    conference = registration_of(message).participant.conference
    registrations = _registrations(message)
    events = events_of(conference, [row.workshop for row in registrations])
    due = certificates_due(registrations=registrations, at=timezone.now())
    name = {"conference": choose(text_of(conference, "name"), active_language())[0]}
    ready = [due[row.pk] is Due.READY for row in registrations]
    return Body(
        subject=_("Thank you: %(conference)s") % name,
        opening=(_("Thank you for having been part of “%(conference)s”.") % name,),
        sections=tuple(
            _section(row, event, is_ready)
            for row, event, is_ready in zip(registrations, events, ready, strict=True)
        ),
        button=_("To my certificate") if any(ready) else _("Open my page"),
    )


def _registrations(message: Message) -> list[Registration]:
    """Those of this person that the message thanks for."""
    rows = Registration.objects.filter(
        pk__in=message.facts.get("registrations", []), participant=message.participant
    )
    related = rows.select_related("workshop__conference", "participant__conference")
    return list(related.order_by("workshop__position", "workshop"))


def _section(registration: Registration, event: Event, is_ready: bool) -> Section:
    certificate = (
        _("Your certificate of attendance is ready: you find it on your own page.") if is_ready else ""
    )
    return replace(
        section_of(event, certificate),
        guide_heading=_("Results"),
        guide=Phrase(_way_to_results(registration, event), active_language()),
    )


def _way_to_results(registration: Registration, event: Event) -> str:
    has_results = any(any(day.results.values()) for day in event.days)
    label = _("Results and programme") if has_results else _("Programme; the results will follow there")
    path = reverse("workshops:workshop", args=[registration.workshop.slug])
    return f"[{label}]({settings.BASE_URL}{path})"
