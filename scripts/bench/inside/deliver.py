"""A worker delivers invitations, by turns with a plain smtplib loop over finished mails of their kind:
`… inside.deliver COUNT ROUNDS COUNTERS PID …`; prints, for each of the two, mails a second and processor time of one,
round by round.

COUNTERS is the sink's file; the PIDs are those of the worker, which is started as in production, and of the database.
"""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import smtplib
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import answer, ready

ready()

from django.conf import settings
from django.db import connection, transaction

from registration.domain.outbox.claim import claim_some
from registration.domain.outbox.owe_many import owe_messages
from registration.domain.tokens import issue_links
from registration.mails.folded import FoldedMail
from registration.mails.render import render
from registration.models import Invitation, Message, Participant
from workshops.models import Conference, Workshop

from ..processes import BenchError, processor_time
from ..sink import read_counters

_AT_ONCE, _SAMPLE, _REHEARSAL = 1_000, 30, 600
_PATIENCE = 120
_OPEN = ("queued", "sending", "retry")
Finished = tuple[str, list[str], bytes]
Found = tuple[float, float]


def main(count: int, rounds: int, sink: Path, processes: list[int]) -> None:
    finished = _finished()
    arrived = partial(_arrived, sink)
    by_the_worker = partial(_used_by, processes)
    found: dict[str, list[Found]] = {"plain": [], "ours": []}
    # What a worker loads with its first mails, and how many of them it takes up at once, is known by then.
    _delivered("rehearsal.example", _REHEARSAL, arrived, by_the_worker)
    for number in range(rounds):
        mails = [finished[n % len(finished)] for n in range(count)]
        found["plain"].append(_measured(count, partial(_plainly, mails), time.process_time))
        found["ours"].append(_delivered(f"round{number}.example", count, arrived, by_the_worker))
    answer({**found, "bytes": sum(len(text) for _from, _to, text in finished) // len(finished)})


def _finished() -> list[Finished]:
    """Of the same kind and size, and never sent; what else is due in the filled database is not measured."""
    Message.objects.filter(status__in=["queued", "retry"]).update(status="cancelled")
    with transaction.atomic():
        _owe(_SAMPLE, "sample.example")
        mails = [render(message=message) for message in claim_some(most=_SAMPLE)]
        transaction.set_rollback(True)
    return [mail.wire() for mail in mails if isinstance(mail, FoldedMail)]


def _owe(count: int, domain: str) -> None:
    conference = Conference.objects.get(is_current=True)
    workshops = list(Workshop.objects.filter(conference=conference)[:2])
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


def _plainly(mails: list[Finished]) -> None:
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as server:
        for mail in mails:
            server.sendmail(*mail)


def _delivered(domain: str, count: int, arrived: Callable[[], int], used: Callable[[], float]) -> Found:
    """From the commit that owes them until the sink has the last one; and that each one is written down."""
    before = arrived()
    with transaction.atomic():
        _owe(count, domain)
        # As after a while, when the server has looked at the new rows by itself.
        _analyse()
    found = _measured(count, lambda: _wait(lambda: arrived() - before >= count), used)
    _wait(lambda: not Message.objects.filter(status__in=_OPEN).exists())
    if arrived() - before != count:
        raise BenchError(f"{arrived() - before} mails arrived, and {count} were owed")
    return found


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registration_message")


def _wait(done: Callable[[], bool]) -> None:
    ends = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > ends:
            raise BenchError("the worker does not deliver")
        time.sleep(0.005)


def _measured(count: int, run: Callable[[], None], used: Callable[[], float]) -> Found:
    started, before = time.perf_counter(), used()
    run()
    return count / (time.perf_counter() - started), (used() - before) / count


def _arrived(sink: Path) -> int:
    return read_counters(sink)[0]


def _used_by(processes: list[int]) -> float:
    return sum(map(processor_time, processes))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), [int(pid) for pid in sys.argv[4:]])
