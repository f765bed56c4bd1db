from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils import timezone

from registration.domain.tokens import can_be_written_again, issue_links
from registration.models import Participant, PersonalLink

# A database takes only so many values in one statement.
_AT_ONCE = 2_000


def links_for_mail(*, participants: Sequence[Participant]) -> dict[int, PersonalLink]:
    """As `link_for_mail`, by the participant's key, for many people of one conference at once."""
    found = _newest(_usable(participants))
    found = {key: link for key, link in found.items() if can_be_written_again(link=link)}
    without = [person for person in participants if person.pk not in found]
    return found | {link.participant_id: link for link in issue_links(participants=without)}


def _usable(participants: Sequence[Participant]) -> Iterator[PersonalLink]:
    """Each person's newest first."""
    now = timezone.now()
    for start in range(0, len(participants), _AT_ONCE):
        yield from PersonalLink.objects.filter(
            participant__in=participants[start : start + _AT_ONCE],
            revoked_at__isnull=True,
            expires_at__gt=now,
        ).order_by("-created_at", "-pk")


def _newest(links: Iterable[PersonalLink]) -> dict[int, PersonalLink]:
    newest: dict[int, PersonalLink] = {}
    for link in links:
        newest.setdefault(link.participant_id, link)
    return newest
