"""Sessions hold the number of the personal link they were exchanged for; this finds them again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.contrib.auth import SESSION_KEY as ORGANISER
from django.contrib.sessions.models import Session

from conference.portions import in_portions

LINK = "participant_link"
OPENED = "participant_link_opened"
SessionsByLink = Mapping[int, Sequence[str]]


def sessions_by_link() -> dict[int, list[str]]:
    """The rows of the sessions that each link opened. Every session has to be read: do it before locking anything."""
    found: dict[int, list[str]] = {}
    for row in (row for portion in in_portions(Session.objects.all()) for row in portion):
        if (link := row.get_decoded().get(LINK)) is not None:
            found.setdefault(link, []).append(row.pk)
    return found


def sessions_of(*, link_ids: Collection[int], known: SessionsByLink | None = None) -> list[str]:
    """The rows of the sessions that these links opened, where they are not `known` read as above."""
    found = sessions_by_link() if known is None else known
    return [row for link in link_ids for row in found.get(link, ())]


def end_sessions(*, rows: Collection[str]) -> None:
    """Ends them; an organiser who is signed in with the same browser stays signed in.

    The rows are changed directly: only the browser knows the key by which a session is opened.
    """
    for row in Session.objects.filter(pk__in=rows):
        left = {name: value for name, value in row.get_decoded().items() if name not in {LINK, OPENED}}
        if ORGANISER in left:
            Session.objects.filter(pk=row.pk).update(session_data=Session.objects.encode(left))
        else:
            row.delete()
