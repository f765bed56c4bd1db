"""Who has not answered is reminded, once for each step, and nobody else."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.utils import timezone

from registration.domain.invitation_lifecycle import (
    accept_invitations,
    decline_invitation,
    extend_invitation,
    revoke_invitation,
)
from registration.domain.invitation_lists import remind as reminding
from registration.domain.invitation_lists.remind import (
    preview_reminders,
    remind,
    remind_list,
    remind_planned,
)
from registration.domain.suppress import suppress
from registration.domain.transitions import NotPossible
from registration.mails.render import render
from registration.models import Invitation, InvitationList, MailText, Message, PersonalLink
from tests import factories
from tests.invitation_lists.conftest import mailed, sent, together
from tests.sending import send_what_is_due
from tests.world import register
from workshops.domain.release import release_programme
from workshops.models import Workshop

pytestmark = pytest.mark.django_db


def reminders() -> list[tuple[str, str, Any]]:
    rows = Message.objects.filter(kind=Message.Kind.REMINDER).order_by("recipient", "created_at")
    return [(row.recipient, row.status, row.facts["step"]) for row in rows]


def invitation_of(email: str) -> Invitation:
    return Invitation.objects.get(participant__email=email)


@pytest.fixture
def asked(digital: Workshop) -> InvitationList:
    """Eight people were invited eight days ago, and seven of them must not be reminded."""
    names = ["silent", "accepted", "declined", "revoked", "expired", "unsubscribed", "registered", "failed"]
    kept = sent("\n".join(f"{name}@b.org" for name in names), digital, language="de")
    mailed(kept, days_ago=8)
    accept_invitations(participant=invitation_of("accepted@b.org").participant)
    decline_invitation(link=invitation_of("declined@b.org").link)
    revoke_invitation(invitation_id=invitation_of("revoked@b.org").pk)
    PersonalLink.objects.filter(invitation=invitation_of("expired@b.org")).update(expires_at=timezone.now())
    suppress(conference=digital.conference, email="unsubscribed@b.org", reason="unsubscribed")
    register(digital, participant=invitation_of("registered@b.org").participant)
    Invitation.objects.filter(participant__email="failed@b.org").update(status="failed")
    return kept


def test_a_preview_tells_how_many_and_why_not_the_others(asked: InvitationList) -> None:
    found = preview_reminders(kept=asked)
    assert (found.count, found.refused) == (
        1,
        Counter(
            {
                reminding.ANSWERED: 2,
                reminding.CLOSED: 2,
                reminding.UNWANTED: 1,
                reminding.NOTHING_LEFT: 1,
                reminding.NOT_SENT: 1,
            }
        ),
    )
    assert reminders() == []


def test_who_has_not_answered_is_reminded_and_a_second_click_reminds_nobody(asked: InvitationList) -> None:
    assert remind_list(kept=asked).count == 1
    assert remind_list(kept=asked).count == 0
    assert reminders() == [("silent@b.org", "queued", 0)]


def test_reminders_come_on_the_planned_days_each_step_once(asked: InvitationList) -> None:
    now = timezone.now()
    InvitationList.objects.update(remind_after_days=[7, 14])
    assert remind_planned(at=now - dt.timedelta(days=2), seconds=60) == 0
    assert [remind_planned(at=now, seconds=60) for _ in range(3)] == [1, 0, 0]
    Message.objects.filter(kind="reminder").update(created_at=now - dt.timedelta(days=3))
    assert remind_planned(at=now + dt.timedelta(days=3), seconds=60) == 0
    assert [remind_planned(at=now + dt.timedelta(days=7), seconds=60) for _ in range(2)] == [1, 0]
    assert reminders() == [("silent@b.org", "queued", 7), ("silent@b.org", "queued", 14)]


def test_of_several_steps_that_have_passed_only_the_latest_is_sent(asked: InvitationList) -> None:
    InvitationList.objects.update(remind_after_days=[3, 7])
    assert [remind_planned(at=timezone.now(), seconds=60) for _ in range(2)] == [1, 0]
    Message.objects.filter(kind="reminder").update(created_at=timezone.now() - dt.timedelta(days=3))
    assert remind_planned(at=timezone.now(), seconds=60) == 0
    assert reminders() == [("silent@b.org", "queued", 7)]


def test_who_was_reminded_by_hand_today_is_reminded_by_plan_a_day_later(asked: InvitationList) -> None:
    remind_list(kept=asked)
    InvitationList.objects.update(remind_after_days=[7])
    assert remind_planned(at=timezone.now(), seconds=60) == 0
    assert remind_planned(at=timezone.now() + dt.timedelta(days=2), seconds=60) == 1


@pytest.mark.parametrize("status", ["preview", "stopped"])
def test_a_list_that_is_stopped_reminds_nobody(asked: InvitationList, status: str) -> None:
    InvitationList.objects.update(remind_after_days=[7], status=status)
    assert remind_planned(at=timezone.now(), seconds=60) == 0


@pytest.mark.parametrize("what", ["closed", "not yet open", "begun"])
def test_nobody_is_reminded_of_what_they_cannot_register_for(
    asked: InvitationList, digital: Workshop, what: str
) -> None:
    now = timezone.now()
    if what == "begun":
        digital.days.update(date=(now - dt.timedelta(days=1)).date())
        factories.make_day(digital, date=(now + dt.timedelta(days=9)).date())
    else:
        name = "registration_closes_at" if what == "closed" else "registration_opens_at"
        moment = now + dt.timedelta(hours=-1 if what == "closed" else 1)
        Workshop.objects.filter(pk=digital.pk).update(**{name: moment})
    InvitationList.objects.update(remind_after_days=[7])
    assert remind_planned(at=now, seconds=60) == 0
    with pytest.raises(NotPossible):
        remind(invitation_id=invitation_of("silent@b.org").pk)


def test_a_reminder_overtaken_by_the_answer_is_not_sent(asked: InvitationList) -> None:
    remind_list(kept=asked)
    accept_invitations(participant=invitation_of("silent@b.org").participant)
    send_what_is_due()
    [message] = Message.objects.filter(kind="reminder")
    assert (message.status, message.last_error) == (
        "cancelled",
        "The invitation has been answered in the meantime.",
    )


def test_a_reminder_carries_the_same_link_and_a_way_out_and_names_what_is_left(
    digital: Workshop, youth: Workshop
) -> None:
    release_programme(conference=digital.conference)
    kept = sent("a@b.org", digital, youth, language="en")
    mailed(kept, days_ago=8)
    [invitation] = kept.invitations.all()
    register(digital, participant=invitation.participant)
    remind_list(kept=kept)
    [message] = Message.objects.filter(kind="reminder")
    mail = render(message=message)
    assert message.link == invitation.link
    assert mail.subject == "Reminder of our invitation: Test conference"
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "You can still register for this event:" in mail.body
    assert youth.title_en in mail.body
    assert digital.title_en not in mail.body


def test_a_reminder_can_have_the_hosts_own_words(asked: InvitationList, digital: Workshop) -> None:
    MailText.objects.create(
        conference=digital.conference,
        kind="reminder",
        subject_de="Noch Plätze: {titles}",
        opening_de="Wir hoffen.",
    )
    remind_list(kept=asked)
    mail = render(message=Message.objects.get(kind="reminder"))
    assert mail.subject == f"Noch Plätze: {digital.title_de}"
    assert "Wir hoffen." in mail.body


def test_the_sent_invitation_is_not_undone_by_its_reminder(asked: InvitationList) -> None:
    remind_list(kept=asked)
    send_what_is_due()
    assert (reminders(), invitation_of("silent@b.org").status) == ([("silent@b.org", "sent", 0)], "sent")


def test_an_invitation_is_extended_and_open_again(asked: InvitationList) -> None:
    invitation = invitation_of("expired@b.org")
    Invitation.objects.filter(pk=invitation.pk).update(status="expired")
    before = timezone.now()
    extended = extend_invitation(invitation_id=invitation.pk)
    assert extended.status == "sent"
    assert extended.link.expires_at - before >= dt.timedelta(days=30)
    assert remind(invitation_id=invitation.pk) == extended


@pytest.mark.parametrize("name", ["revoked", "declined"])
def test_a_closed_invitation_is_not_extended(asked: InvitationList, name: str) -> None:
    with pytest.raises(NotPossible):
        extend_invitation(invitation_id=invitation_of(f"{name}@b.org").pk)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_remind_once(asked: InvitationList) -> None:
    InvitationList.objects.update(remind_after_days=[7])
    now = timezone.now()
    assert together(*[lambda: remind_planned(at=now, seconds=60)] * 3) == []
    assert reminders() == [("silent@b.org", "queued", 7)]
