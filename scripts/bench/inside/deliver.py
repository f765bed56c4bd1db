"""Invitations are delivered by a worker's own function, by turns with a plain smtplib loop over finished mails:
`… inside.deliver COUNT ROUNDS`; prints, for each of the two, mails a second and processor time, round by round.
"""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import os
import smtplib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import answer, ready

ready()

from django.conf import settings
from django.db import connection, transaction

from registration.domain.outbox import deliver
from registration.domain.outbox.claim import claim_some
from registration.domain.outbox.owe_many import owe_messages
from registration.domain.tokens import issue_links
from registration.mails.folded import FoldedMail
from registration.mails.render import render
from registration.models import Invitation, Message, Participant
from workshops.models import Conference, Workshop

_AT_ONCE, _SAMPLE = 1_000, 30
Finished = tuple[str, list[str], bytes]


def main(count: int, rounds: int) -> None:
    # What else is due in the filled database is not part of the measurement.
    Message.objects.filter(status__in=["queued", "retry"]).update(status="cancelled")
    found: dict[str, list[tuple[float, float]]] = {"plain": [], "ours": []}
    _owe(_SAMPLE, "sample.example")
    finished = _finished()
    for number in range(rounds):
        _owe(count, f"round{number}.example")
        found["plain"].append(
            _measured(count, lambda: _plainly([finished[n % len(finished)] for n in range(count)]))
        )
        found["ours"].append(_measured(count, _drain))
    answer({**found, "bytes": sum(len(text) for _from, _to, text in finished) // len(finished)})


def _owe(count: int, domain: str) -> None:
    conference = Conference.objects.get(is_current=True)
    workshops = list(Workshop.objects.filter(conference=conference)[:2])
    with transaction.atomic():
        people = Participant.objects.bulk_create(
            [
                Participant(
                    conference=conference,
                    email=f"n{n}@{domain}",
                    first_name="Ayşe",
                    last_name=f"Yılmaz {n}",
                    language=("de", "tr", "en")[n % 3],
                )
                for n in range(count)
            ],
            batch_size=_AT_ONCE,
        )
        links = issue_links(participants=people)
        invitations = Invitation.objects.bulk_create(
            [Invitation(participant=link.participant, link=link, status="queued") for link in links],
            batch_size=_AT_ONCE,
        )
        through = Invitation.workshops.through
        through._default_manager.bulk_create(
            [through(invitation_id=row.pk, workshop_id=w.pk) for row in invitations for w in workshops],
            batch_size=_AT_ONCE,
        )
        owe_messages(
            messages=[
                Message(
                    kind=Message.Kind.INVITATION,
                    recipient=row.participant.email,
                    language=row.participant.language,
                    participant=row.participant,
                    invitation=row,
                    link=row.link,
                )
                for row in invitations
            ]
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE registration_message")


def _finished() -> list[Finished]:
    """Of the same kind and size; and whatever is made once in a process is made by now."""
    mails = [render(message=message) for message in claim_some(most=_SAMPLE)]
    Message.objects.filter(status="sending").update(status="cancelled", claim=None, claimed_at=None)
    return [mail.wire() for mail in mails if isinstance(mail, FoldedMail)]


def _plainly(mails: list[Finished]) -> None:
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        for mail in mails:
            server.sendmail(*mail)


def _drain() -> None:
    while deliver.drain(render=lambda message: render(message=message)):
        pass
    if left := Message.objects.exclude(status__in=["sent", "cancelled", "failed"]).count():
        raise SystemExit(f"{left} mails were not sent")


def _measured(count: int, run: Callable[[], Any]) -> tuple[float, float]:
    started, worked = time.perf_counter(), _processor()
    run()
    return count / (time.perf_counter() - started), (_processor() - worked) / count


def _processor() -> float:
    """Seconds, ours and those of the database's process that works for us."""
    return time.process_time() + _of_the_database()


def _of_the_database() -> float:
    connection.ensure_connection()
    used = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
