"""What a message about a changed programme tells its reader: read when it is sent, so that it is never out of date.

Told is what differs between the release the message was written after (`since`) and the newest one. So a programme
that was changed again meanwhile is told as it is now, and what was taken back is not told at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from registration.models import Message, Registration
from workshops.domain.differences import Code, Difference
from workshops.domain.release_history import changed_workshops, releases_of

CONCERNED = (
    Registration.Status.REQUESTED,
    Registration.Status.WAITLISTED,
    Registration.Status.CONFIRMED,
)


@dataclass(frozen=True, slots=True)
class Told:
    """One workshop of one person."""

    registration: Registration
    differences: tuple[Difference, ...]

    def differences_for(self, *, language: str) -> tuple[Difference, ...]:
        """What must be known first; texts in languages that somebody does not read only where nothing else is told."""
        told = [one for one in self.differences if not one.languages or language in one.languages]
        return tuple(sorted(told or self.differences, key=lambda one: not one.notify))

    @property
    def is_taken_out(self) -> bool:
        return any(difference.code == Code.WORKSHOP_REMOVED for difference in self.differences)

    @property
    def is_calendar_wrong(self) -> bool:
        """Whether an entry saved before would now mislead."""
        return any(
            difference.notify or difference.code == Code.WORKSHOP_RENAMED for difference in self.differences
        )


def changes_told(*, message: Message) -> tuple[Told, ...]:
    """In the programme's order; empty where nothing is left to tell."""
    if message.participant is None:
        return ()
    left = _left(message, message.participant.conference_id)
    rows = message.participant.registrations.filter(workshop__in=left, status__in=CONCERNED)
    found = rows.select_related("participant__conference", "workshop__conference").order_by(
        "workshop__position", "workshop"
    )
    return tuple(Told(row, left[row.workshop_id]) for row in found)


def _left(message: Message, conference_id: int) -> dict[int, tuple[Difference, ...]]:
    """What is still so of what the message is about, by the workshop's key."""
    releases = releases_of(conference_id=conference_id)
    by_key = {release.pk: release for release in releases}
    since, release = (by_key.get(message.facts.get(name, 0)) for name in ("since", "release"))
    if since is None or release is None:
        return {}
    then = changed_workshops(since=since, until=release)
    now = changed_workshops(since=since, until=releases[0])
    left = {pk: _still_so(then.get(pk, ()), now.get(pk, ())) for pk in message.facts.get("workshops", [])}
    return {pk: differences for pk, differences in left.items() if differences}


def _still_so(then: tuple[Difference, ...], now: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Whoever was to learn of a new time is not written to about a speaker once the time is the old one again."""
    was_to_be_known = any(difference.notify for difference in then)
    return now if not was_to_be_known or any(difference.notify for difference in now) else ()
