from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import timezone

from registration.domain.tokens import can_be_written_again, issue_links
from registration.models import Participant, PersonalLink


def links_for_mail(*, participants: Sequence[Participant]) -> dict[int, PersonalLink]:
    """As `link_for_mail`, by the participant's key, for hundreds of people of one conference at once."""
    usable = PersonalLink.objects.filter(
        participant__in=participants, revoked_at__isnull=True, expires_at__gt=timezone.now()
    ).order_by("-created_at", "-pk")
    found = _newest(usable)
    found = {key: link for key, link in found.items() if can_be_written_again(link=link)}
    without = [person for person in participants if person.pk not in found]
    return found | {link.participant_id: link for link in issue_links(participants=without)}


def _newest(links: Iterable[PersonalLink]) -> dict[int, PersonalLink]:
    newest: dict[int, PersonalLink] = {}
    for link in links:
        newest.setdefault(link.participant_id, link)
    return newest
