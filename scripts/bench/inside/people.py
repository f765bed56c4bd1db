"""People who have just been invited: `… inside.people COUNT MARK`; prints the path of a file with a line for each.

A line is TOKEN, tab, SESSION, tab, ADDRESS: the personal link's token, and a session in which it is already opened.
"""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path

from . import answer, ready

ready()

from django.contrib.sessions.models import Session
from django.utils import timezone

from conference.sessions import SessionStore, row_key
from registration.domain.end_sessions import LINK, OPENED
from registration.domain.tokens import issue_links, token_of
from registration.models import Invitation, Participant, PersonalLink
from workshops.models import Conference, Workshop

_AT_ONCE = 2_000


def people(count: int, mark: str) -> str:
    """The path of the file."""
    conference = Conference.objects.get(is_current=True)
    found = [
        Participant(conference=conference, email=f"new{n}@{mark}.example", language="de")
        for n in range(count)
    ]
    links = issue_links(participants=Participant.objects.bulk_create(found, batch_size=_AT_ONCE))
    _invite(links, conference)
    path = Path(os.environ["DATA_DIR"]) / f"people-{mark}.tsv"
    with path.open("w") as file:
        for link, session in zip(links, _opened(links), strict=True):
            file.write(f"{token_of(link=link)}\t{session}\t{link.participant.email}\n")
    return str(path)


def _invite(links: list[PersonalLink], conference: Conference) -> None:
    rows = [
        Invitation(
            participant=link.participant, link=link, status=Invitation.Status.SENT, sent_at=timezone.now()
        )
        for link in links
    ]
    invitations = Invitation.objects.bulk_create(rows, batch_size=_AT_ONCE)
    through = Invitation.workshops.through
    workshops = list(Workshop.objects.filter(conference=conference))
    through.objects.bulk_create(
        [through(invitation_id=row.pk, workshop_id=w.pk) for row in invitations for w in workshops[:1]],
        batch_size=_AT_ONCE,
    )


def _opened(links: list[PersonalLink]) -> list[str]:
    """A session's key for each, as after the exchange of the link."""
    store, now = SessionStore(), timezone.now()
    keys = [secrets.token_hex(16) for _link in links]
    rows = [
        Session(
            session_key=row_key(key),
            session_data=store.encode({LINK: link.pk, OPENED: now.timestamp()}),
            expire_date=now + timedelta(hours=12),
        )
        for key, link in zip(keys, links, strict=True)
    ]
    Session.objects.bulk_create(rows, batch_size=_AT_ONCE)
    return keys


if __name__ == "__main__":
    answer(people(int(sys.argv[1]), sys.argv[2]))
