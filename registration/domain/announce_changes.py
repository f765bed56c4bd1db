"""Writing to those whom a release concerns: everybody registered for a workshop that the organisers chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import structlog
from django.db.models import Count, QuerySet

from registration.domain.changes_told import CONCERNED
from registration.domain.links_for_mail import links_for_mail
from registration.domain.outbox.owe import Facts
from registration.domain.outbox.owe_many import owe_messages
from registration.models import Message, Participant, PersonalLink, Registration
from workshops.models import Conference, Release

log = structlog.get_logger(__name__)


def announce_changes(*, release: Release, since: Release, workshops: Collection[int]) -> int:
    """Owes each person registered for any of these workshops (keys) one message; returns how many are written to.

    To be called in the transaction that releases, so that neither exists without the other. What changed since the
    former release is read when the mail is sent (see `changes_told`). The number of queries does not grow with the
    number of people, but for the batches they are written in.
    """
    conference = release.conference
    concerned = concerned_by(conference=conference, workshops=workshops)
    people = _locked(concerned)
    chosen = _by_person(concerned)
    told = [person for person in people if person.pk in chosen]
    links = links_for_mail(participants=told)
    owe_messages(
        messages=[
            _message(person, links[person.pk], _facts(release, since, chosen[person.pk])) for person in told
        ]
    )
    log.info("changes announced", release=release.pk, messages=len(told))
    return len(told)


def _message(person: Participant, link: PersonalLink, facts: Facts) -> Message:
    return Message(
        kind=Message.Kind.PROGRAMME_CHANGED,
        recipient=person.email,
        language=person.language,
        participant=person,
        link=link,
        facts=facts,
    )


def _facts(release: Release, since: Release, workshops: list[int]) -> Facts:
    return {"release": release.pk, "since": since.pk, "workshops": workshops}


def concerned_by(*, conference: Conference, workshops: Collection[int]) -> QuerySet[Registration]:
    return Registration.objects.filter(
        participant__conference=conference, workshop__in=workshops, status__in=CONCERNED
    )


def people_by_workshop(*, conference: Conference, workshops: Collection[int]) -> dict[int, int]:
    """How many people would be written to about each workshop, with one query; none that nobody is registered for."""
    rows = concerned_by(conference=conference, workshops=workshops).order_by().values_list("workshop")
    return dict(rows.annotate(Count("pk")))


def _locked(concerned: QuerySet[Registration]) -> list[Participant]:
    """Whoever is being erased at this moment is nobody by the time we have read them."""
    people = Participant.objects.filter(pk__in=concerned.values("participant"))
    return list(people.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _by_person(concerned: QuerySet[Registration]) -> dict[int, list[int]]:
    """The workshops each person is told about."""
    found: dict[int, list[int]] = defaultdict(list)
    for person, workshop in concerned.order_by("workshop").values_list("participant", "workshop"):
        found[person].append(workshop)
    return found
