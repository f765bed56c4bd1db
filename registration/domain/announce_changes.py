"""Writing to those whom a release concerns: everybody registered for a workshop that the organisers chose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import structlog
from django.db.models import Count, QuerySet
from django.utils import timezone

from registration.domain.changes_told import CONCERNED
from registration.domain.outbox.owe import Facts, owe_to_many
from registration.domain.tokens import can_be_written_again, issue_links
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
    owed = [
        (link, _facts(release, since, chosen[link.participant_id]))
        for link in _links_for_mail(concerned, people)
        if link.participant_id in chosen
    ]
    count = owe_to_many(kind=Message.Kind.PROGRAMME_CHANGED, owed=owed)
    log.info("changes announced", release=release.pk, messages=count)
    return count


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


def _links_for_mail(concerned: QuerySet[Registration], people: list[Participant]) -> list[PersonalLink]:
    """Everybody's newest link that still works; a new one for whoever has none."""
    known = _usable_links(concerned)
    without = [person for person in people if person.pk not in known]
    links = [known[person.pk] for person in people if person.pk in known]
    links += issue_links(participants=without)
    by_key = {person.pk: person for person in people}
    for link in links:
        link.participant = by_key[link.participant_id]
    return links


def _usable_links(concerned: QuerySet[Registration]) -> dict[int, PersonalLink]:
    """By the person's key."""
    found = PersonalLink.objects.filter(
        participant__in=concerned.values("participant"),
        revoked_at__isnull=True,
        expires_at__gt=timezone.now(),
    )
    newest = {link.participant_id: link for link in found.order_by("created_at", "pk")}
    return {person: link for person, link in newest.items() if can_be_written_again(link=link)}
