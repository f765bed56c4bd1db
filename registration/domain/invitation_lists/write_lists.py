"""The worker's part: rows become invitations, batch by batch, each row exactly once.

A batch is one transaction: the row's outcome and its invitation are there together or not at all, and a worker that is
killed leaves its rows waiting for the next one.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence, Set

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from registration.domain.invitation_lists.judge_rows import wanted_of
from registration.domain.invitation_lists.look_up import Verdict, judge, look_up
from registration.domain.invite import mail_about
from registration.domain.outbox.owe_many import owe_messages
from registration.domain.tokens import issue_links
from registration.models import (
    Invitation,
    InvitationList,
    InvitationRow,
    Message,
    Participant,
    PersonalLink,
)

log = structlog.get_logger(__name__)
AT_ONCE = 500
_TRIES = 3
_State, _Outcome = InvitationRow.State, InvitationRow.Outcome
_LEFT_OUT: dict[str, str] = {_State.UNWANTED: _Outcome.REFUSED, _State.MALFORMED: _Outcome.REFUSED}
_NAMES = ("first_name", "last_name", "organisation", "language")


class _Erased(Exception):  # noqa: N818 (not an error: the batch begins anew)
    """Somebody of this batch was erased while we waited for them."""


def write_lists(*, seconds: float) -> bool:
    """Writes batch after batch; True where more is to be written when the time is up."""
    ends = time.monotonic() + seconds
    failed = 0
    while failed < _TRIES:
        try:
            if not write_batch():
                return False
            failed = 0
        except (_Erased, IntegrityError) as error:
            failed += 1
            log.warning("batch of invitations begins anew", reason=type(error).__name__)
        if time.monotonic() >= ends:
            return True
    # The next beat tries again.
    return False


def write_batch() -> bool:
    """The next rows of one list that is being sent; False where there is none, or others work on all of them."""
    with transaction.atomic():
        kept = _lock_next()
        if kept is None:
            return False
        rows = list(kept.rows.filter(outcome=_Outcome.WAITING)[:AT_ONCE])
        if rows:
            _Batch(kept, rows).write()
        else:
            kept.status, kept.finished_at = InvitationList.Status.DONE, timezone.now()
            kept.save(update_fields=["status", "finished_at"])
            log.info("invitation list done", list=kept.pk)
    return True


def _lock_next() -> InvitationList | None:
    """The lock lasts as long as the batch, and ends with a worker that dies; who stops the list waits for it."""
    lists = InvitationList.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    waiting = lists.filter(status=InvitationList.Status.SENDING).order_by("started_at", "pk")
    return waiting.select_related("conference", "sent_by").first()


class _Batch:
    def __init__(self, kept: InvitationList, rows: Sequence[InvitationRow]) -> None:
        self.list, self.rows = kept, rows
        self.conference = kept.conference
        self.default = list(kept.workshops.order_by("position", "pk").values_list("pk", flat=True))
        self.people: dict[str, Participant] = {}

    def write(self) -> None:
        first = self._verdicts()
        invited = [row for row in self.rows if first[row.pk].missing]
        self._add_people([row for row in invited if first[row.pk].state == _State.NEW])
        self._lock_people(invited)
        self._require_all()
        # Asked again under the locks: two lists with the same people may be written at this moment.
        verdicts = self._verdicts()
        written = [row for row in invited if verdicts[row.pk].missing]
        self._complete(written)
        self._invite(written, verdicts)
        self._note({row.pk for row in written}, verdicts, first)

    def _verdicts(self) -> dict[int, Verdict]:
        known = look_up(conference=self.conference, emails=[row.email for row in self.rows])
        return {
            row.pk: judge(known=known[row.email], wanted=wanted_of(row, self.default)) for row in self.rows
        }

    def _add_people(self, rows: Sequence[InvitationRow]) -> None:
        """By address: two batches that add the same people wait for each other in one direction only."""
        new = [
            Participant(conference=self.conference, email=row.email, **self._said(row))
            for row in sorted(rows, key=lambda row: row.email)
        ]
        Participant.objects.bulk_create(new, ignore_conflicts=True)

    def _said(self, row: InvitationRow) -> dict[str, str]:
        said = {name: str(getattr(row, name)) for name in _NAMES}
        return {**said, "language": row.language or self.list.language}

    def _lock_people(self, rows: Sequence[InvitationRow]) -> None:
        people = Participant.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        wanted = people.filter(conference=self.conference, email__in=[row.email for row in rows])
        for person in wanted:
            person.conference = self.conference
            self.people[person.email] = person
        if len(self.people) < len({row.email for row in rows}):
            raise _Erased

    def _require_all(self) -> None:
        """Who was erased meanwhile took their row with them, and must not come back through us."""
        keys = [row.pk for row in self.rows]
        there = InvitationRow.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        if len(there.values_list("pk")) < len(keys):
            raise _Erased

    def _complete(self, rows: Sequence[InvitationRow]) -> None:
        """What is not known of a person yet; what they have said themselves stays."""
        changed = []
        for row in rows:
            person = self.people[row.email]
            said = self._said(row)
            if person.first_name or person.last_name:
                said["first_name"] = said["last_name"] = ""
            news = {name: text for name, text in said.items() if text and not getattr(person, name)}
            for name, text in news.items():
                setattr(person, name, text)
            changed += [person] if news else []
        Participant.objects.bulk_update(changed, _NAMES)

    def _invite(self, rows: Sequence[InvitationRow], verdicts: dict[int, Verdict]) -> None:
        people = [self.people[row.email] for row in rows]
        links = issue_links(participants=people)
        invitations = Invitation.objects.bulk_create(
            [self._invitation(person, link) for person, link in zip(people, links, strict=True)]
        )
        through = Invitation.workshops.through
        pairs = [
            through(invitation=invitation, workshop_id=workshop)
            for row, invitation in zip(rows, invitations, strict=True)
            for workshop in verdicts[row.pk].missing
        ]
        through.objects.bulk_create(pairs)
        owe_messages(
            messages=[
                mail_about(invitation=invitation, kind=Message.Kind.INVITATION) for invitation in invitations
            ]
        )

    def _note(self, written: Set[int], verdicts: dict[int, Verdict], first: dict[int, Verdict]) -> None:
        """A person we have just added is new all the same."""
        same: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
        for key, verdict in verdicts.items():
            state = first[key].state if key in written else verdict.state
            outcome = _Outcome.WRITTEN if key in written else _LEFT_OUT.get(state, _Outcome.SKIPPED)
            same[state, outcome, verdict.reason].append(key)
        for (state, outcome, reason), keys in same.items():
            InvitationRow.objects.filter(pk__in=keys).update(
                state=state, outcome=outcome, reason=reason, reason_value=""
            )

    def _invitation(self, person: Participant, link: PersonalLink) -> Invitation:
        return Invitation(
            participant=person,
            link=link,
            status=Invitation.Status.QUEUED,
            invited_by=self.list.sent_by,
            invitation_list=self.list,
        )
