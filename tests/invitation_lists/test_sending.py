"""Every row becomes exactly one invitation, whatever happens meanwhile."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from registration.domain.erase import erase_participant
from registration.domain.invitation_lifecycle import send_invitation_again
from registration.domain.invitation_lists import write_lists as writing
from registration.domain.invitation_lists.discard import discard_list
from registration.domain.invitation_lists.progress import Progress, progress_of
from registration.domain.invitation_lists.send_list import LIST_STOPPED, resume_list, send_list, stop_list
from registration.domain.invitation_lists.write_lists import write_batch, write_lists
from registration.domain.invite import invite
from registration.domain.suppress import suppress
from registration.domain.transitions import NotPossible
from registration.models import Invitation, InvitationList, Message, Participant
from registration.tasks import write_invitations
from tests import factories
from tests.invitation_lists.conftest import keep, outcomes, sent, states, together
from tests.sending import send_what_is_due
from workshops.models import Workshop


@pytest.mark.django_db
def test_rows_become_invitations_with_mails(digital: Workshop, youth: Workshop) -> None:
    boss = factories.make_organiser(conference=digital.conference)
    kept = sent(
        "mail\tVorname\tNachname\tKurum\tdil\tworkshop\n"
        "a@b.org\tAyşe\tIşık\tBursa\ttr\t4\nb@b.org\t\t\t\t\t\nbroken\t\t\t\t\t\n",
        digital,
        allowed=[digital, youth],
        language="de",
        by=boss,
    )
    assert (kept.status, kept.sent_by, kept.finished_at is None) == ("done", boss, False)
    people = Participant.objects.order_by("email").values_list(
        "email", "first_name", "last_name", "organisation", "language"
    )
    assert list(people) == [
        ("a@b.org", "Ayşe", "Işık", "Bursa", "tr"),
        ("b@b.org", "", "", "", "de"),
    ]
    invitations = Invitation.objects.order_by("participant__email")
    assert [
        (row.status, row.invited_by, row.invitation_list, [workshop.slug for workshop in row.workshops.all()])
        for row in invitations
    ] == [
        ("queued", boss, kept, ["jugendaustausch"]),
        ("queued", boss, kept, ["digitale-stadt"]),
    ]
    mails = Message.objects.order_by("recipient").values_list("kind", "recipient", "language", "status")
    assert list(mails) == [
        ("invitation", "a@b.org", "tr", "queued"),
        ("invitation", "b@b.org", "de", "queued"),
    ]
    assert [(state, outcome) for _line, state, outcome, _reason in states(kept)] == [
        ("new", "written"),
        ("new", "written"),
        ("malformed", "refused"),
    ]


@pytest.mark.django_db
def test_the_mails_leave_and_the_personal_links_open(digital: Workshop) -> None:
    kept = sent("Ayşe Işık <a@b.org>\nb@b.org", digital)
    send_what_is_due()
    assert [invitation.status for invitation in kept.invitations.all()] == ["sent", "sent"]
    assert progress_of(kept=kept) == Progress(
        total=2, waiting=0, skipped=0, refused=0, written=2, mailed=2, failed=0, held=0, answered=0
    )


@pytest.mark.django_db
def test_what_somebody_has_told_about_themselves_stays(digital: Workshop) -> None:
    factories.make_participant(
        digital.conference, email="a@b.org", first_name="Ada", last_name="", organisation="", language="tr"
    )
    sent("mail\tVorname\tNachname\tKurum\tdil\na@b.org\tEva\tIşık\tBursa\tde\n", digital)
    person = Participant.objects.get(email="a@b.org")
    assert (person.first_name, person.last_name, person.organisation, person.language) == (
        "Ada",
        "",
        "Bursa",
        "tr",
    )


@pytest.mark.django_db
def test_what_changed_since_the_preview_is_noticed(digital: Workshop) -> None:
    kept = keep("a@b.org\nb@b.org\nc@b.org", digital)
    invite(conference=digital.conference, email="a@b.org", workshops=[digital])
    suppress(conference=digital.conference, email="b@b.org", reason="unsubscribed")
    send_list(list_id=kept.pk)
    write_lists(seconds=60)
    assert outcomes(kept) == {"a@b.org": "skipped", "b@b.org": "refused", "c@b.org": "written"}
    assert [state for _line, state, *_rest in states(kept)] == ["invited", "unwanted", "new"]
    assert Message.objects.filter(recipient="b@b.org").count() == 0


@pytest.mark.django_db
def test_two_clicks_on_send_are_one(digital: Workshop) -> None:
    kept = keep("a@b.org", digital)
    send_list(list_id=kept.pk)
    assert send_list(list_id=kept.pk).status == "sending"
    write_lists(seconds=60)
    with pytest.raises(NotPossible):
        send_list(list_id=kept.pk)
    assert Invitation.objects.count() == 1


@pytest.mark.django_db
def test_a_list_without_anybody_is_not_sent(digital: Workshop) -> None:
    kept = keep("broken", digital)
    with pytest.raises(NotPossible, match="nobody to invite"):
        send_list(list_id=kept.pk)


@pytest.mark.django_db
def test_the_task_writes_what_waits(digital: Workshop) -> None:
    kept = keep("a@b.org", digital)
    send_list(list_id=kept.pk)
    write_invitations()
    assert outcomes(kept) == {"a@b.org": "written"}


class Killed(BaseException):
    pass


def _killed_before_its_commit() -> None:
    with transaction.atomic():
        write_batch()
        raise Killed


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_within_a_batch_leaves_its_rows_to_the_next_one(
    digital: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 2)
    kept = keep("\n".join(f"p{number}@b.org" for number in range(5)), digital)
    send_list(list_id=kept.pk)
    assert write_batch()
    with pytest.raises(Killed):
        _killed_before_its_commit()
    assert sorted(outcomes(kept).values()) == ["waiting"] * 3 + ["written"] * 2
    assert Invitation.objects.count() == Message.objects.count() == Participant.objects.count() == 2
    assert write_lists(seconds=60) is False
    assert sorted(Message.objects.values_list("recipient", flat=True)) == [f"p{n}@b.org" for n in range(5)]
    assert Invitation.objects.count() == 5


@pytest.mark.django_db
def test_stopped_nothing_further_is_written_and_mails_are_held_back(
    digital: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 2)
    kept = keep("\n".join(f"p{number}@b.org" for number in range(5)), digital)
    send_list(list_id=kept.pk)
    write_batch()
    Message.objects.filter(recipient="p0@b.org").update(status="sent", sent_at="2020-06-01T00:00Z")
    assert stop_list(list_id=kept.pk) == 1
    assert stop_list(list_id=kept.pk) == 0
    assert write_batch() is False
    mails = Message.objects.order_by("recipient").values_list("status", "last_error")
    assert list(mails) == [("sent", ""), ("cancelled", LIST_STOPPED)]
    assert resume_list(list_id=kept.pk) == 1
    assert resume_list(list_id=kept.pk) == 0
    assert write_lists(seconds=60) is False
    assert sorted(Message.objects.values_list("recipient", "status")) == [
        ("p0@b.org", "sent"),
        *((f"p{number}@b.org", "queued") for number in range(1, 5)),
    ]
    kept.refresh_from_db()
    assert kept.status == "done"


@pytest.mark.django_db
def test_a_list_that_is_written_can_be_stopped_while_mails_wait(digital: Workshop) -> None:
    kept = sent("a@b.org", digital)
    assert stop_list(list_id=kept.pk) == 1
    resume_list(list_id=kept.pk)
    write_lists(seconds=60)
    Message.objects.update(status="sent", sent_at="2020-06-01T00:00Z")
    with pytest.raises(NotPossible):
        stop_list(list_id=kept.pk)


@pytest.mark.django_db
def test_a_mail_an_organiser_stopped_singly_stays_stopped(digital: Workshop) -> None:
    kept = sent("a@b.org\nb@b.org", digital)
    Message.objects.filter(recipient="a@b.org").update(
        status="cancelled", last_error="An organiser stopped it."
    )
    stop_list(list_id=kept.pk)
    assert resume_list(list_id=kept.pk) == 1
    assert Message.objects.get(recipient="a@b.org").status == "cancelled"


@pytest.mark.django_db
def test_who_was_sent_the_invitation_by_hand_meanwhile_gets_no_second_one(digital: Workshop) -> None:
    kept = sent("a@b.org\nb@b.org", digital)
    stop_list(list_id=kept.pk)
    send_invitation_again(invitation_id=kept.invitations.get(participant__email="a@b.org").pk)
    assert resume_list(list_id=kept.pk) == 1
    mails = Message.objects.order_by("recipient", "created_at").values_list("recipient", "status")
    assert list(mails) == [("a@b.org", "cancelled"), ("a@b.org", "queued"), ("b@b.org", "queued")]
    assert progress_of(kept=kept).held == 0


@pytest.mark.django_db
def test_only_a_list_that_was_never_sent_is_deleted(digital: Workshop) -> None:
    kept, other = keep("a@b.org", digital), sent("b@b.org", digital)
    discard_list(list_id=kept.pk)
    with pytest.raises(NotPossible):
        discard_list(list_id=other.pk)
    assert list(InvitationList.objects.all()) == [other]


@pytest.mark.django_db
def test_a_thousand_rows_are_written_with_few_queries(digital: Workshop) -> None:
    kept = keep("\n".join(f"person{number}@b.org" for number in range(1_000)), digital)
    send_list(list_id=kept.pk)
    with CaptureQueriesContext(connection) as captured:
        write_lists(seconds=60)
    assert Invitation.objects.count() == 1_000
    queries = [query["sql"] for query in captured]
    # SQLite takes fewer values at a time, so that its insertions are more.
    assert len([query for query in queries if not query.startswith("INSERT")]) < 60
    assert len(queries) < 140


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_overlapping_lists_written_at_the_same_moment_invite_nobody_twice(
    digital: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 25)
    for number in range(0, 100, 7):
        factories.make_participant(digital.conference, email=f"p{number}@b.org")
    orders = [range(100), range(99, -1, -1), range(50, 150)]
    lists = [keep("\n".join(f"p{number}@b.org" for number in order), digital) for order in orders]
    for kept in lists:
        send_list(list_id=kept.pk)
    assert together(*[lambda: write_lists(seconds=60)] * 4) == []
    assert write_lists(seconds=60) is False
    invited = list(Invitation.objects.values_list("participant__email", flat=True))
    assert sorted(invited) == sorted({f"p{number}@b.org" for number in range(150)})
    assert Message.objects.count() == 150
    found = [outcome for kept in lists for outcome in outcomes(kept).values()]
    assert (found.count("written"), found.count("skipped"), found.count("waiting")) == (150, 150, 0)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_and_a_stop_leave_each_row_written_once(digital: Workshop) -> None:
    kept = keep("\n".join(f"p{number}@b.org" for number in range(40)), digital)
    assert together(*[lambda: send_list(list_id=kept.pk)] * 2) == []
    assert together(*[lambda: write_lists(seconds=60)] * 3, lambda: stop_list(list_id=kept.pk)) == []
    resume_list(list_id=kept.pk)
    write_lists(seconds=60)
    assert Invitation.objects.count() == Message.objects.filter(status="queued").count() == 40


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_somebody_erased_while_their_list_is_written_does_not_come_back(
    digital: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch has read their row, and waits for those who erase them."""
    monkeypatch.setattr(writing, "AT_ONCE", 5)
    people = [
        factories.make_participant(digital.conference, email=f"p{number}@b.org") for number in range(20)
    ]
    kept = keep("\n".join(person.email for person in people), digital)
    send_list(list_id=kept.pk)
    erasing = [lambda pk=person.pk: erase_participant(participant_id=pk) for person in people[::2]]
    assert together(*erasing, lambda: write_lists(seconds=60)) == []
    write_lists(seconds=60)
    left = sorted(person.email for person in people[1::2])
    assert sorted(Participant.objects.values_list("email", flat=True)) == left
    assert sorted(Message.objects.values_list("recipient", flat=True)) == left
    assert sorted(outcomes(kept)) == left
