from __future__ import annotations

import contextlib

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from conference.models import User
from registration.domain.announcements.send import send_announcement
from registration.domain.announcements.still_meant import NO_LONGER_MEANT
from registration.domain.outbox.claim import claim_next
from registration.domain.outbox.still_owed import UNWANTED, reason_gone
from registration.domain.suppress import suppress
from registration.domain.transitions import NotPossible, owe_to_participant
from registration.mails.render import render
from registration.models import Announcement, Message, Registration
from tests import factories
from tests.announcements.conftest import person_in
from tests.by_the_clock.test_at_once import at_once
from tests.outbox.conftest import announce
from tests.world import register
from workshops.models import Workshop


def send(note: Announcement, by: User) -> Announcement:
    return send_announcement(announcement_id=note.pk, by=by)


def refusal(note: Announcement, by: User) -> str:
    with pytest.raises(NotPossible) as refused:
        send(note, by)
    return str(refused.value.message)


@pytest.mark.django_db
def test_each_person_gets_one_mail_with_facts_of_its_own(event: Workshop, other: Workshop) -> None:
    first = person_in(event, language="de")
    register(other, status="confirmed", participant=first.participant)
    second = person_in(other, language="")
    lead = factories.make_organiser(conference=event.conference)
    note = announce(event, other)

    sent = send(note, lead)

    assert (sent.people, sent.created_by, sent.sent_at is None) == (2, lead, False)
    rows = Message.objects.order_by("registration").values_list(
        "kind", "registration", "recipient", "language", "facts"
    )
    facts = {"announcement": note.pk}
    assert list(rows) == [
        ("announcement", first.pk, first.participant.email, "de", facts),
        ("announcement", second.pk, second.participant.email, "", facts),
    ]
    links = Message.objects.values_list("participant", "link__participant")
    assert all(person == owner for person, owner in links)


@pytest.mark.django_db
def test_a_second_press_sends_nothing(event: Workshop, note: Announcement, member: User) -> None:
    person_in(event)
    send(note, member)

    assert refusal(note, member) == "This message was sent already."
    assert Message.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_send_once(event: Workshop, note: Announcement, member: User) -> None:
    people = [person_in(event) for _ in range(5)]

    def press() -> None:
        with contextlib.suppress(NotPossible):
            send(note, member)

    at_once(press)

    assert Message.objects.count() == len(people)


@pytest.mark.django_db
def test_an_empty_group_and_an_unknown_message_are_refused(note: Announcement, member: User) -> None:
    assert refusal(note, member) == "Nobody belongs to this group."
    note.refresh_from_db()
    assert note.sent_at is None
    Announcement.objects.all().delete()
    with pytest.raises(NotPossible):
        send(note, member)


@pytest.mark.django_db
def test_nobody_sends_to_a_workshop_that_is_not_theirs(
    event: Workshop, other: Workshop, member: User
) -> None:
    person_in(event)
    person_in(other)
    said = "This also concerns a workshop that you do not look after."

    assert refusal(announce(event, other), member) == said
    assert refusal(announce(other), member) == said
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_who_does_not_want_to_be_written_to_is_left_out(
    event: Workshop, note: Announcement, member: User
) -> None:
    wanting, not_wanting = person_in(event), person_in(event)
    suppress(conference=event.conference, email=not_wanting.participant.email, reason="unsubscribed")

    assert send(note, member).people == 1
    assert list(Message.objects.values_list("registration", flat=True)) == [wanting.pk]


@pytest.mark.django_db
def test_what_changes_while_the_mail_waits_counts(event: Workshop, note: Announcement, member: User) -> None:
    row = person_in(event)
    send(note, member)
    message = Message.objects.get()
    assert reason_gone(message=message) is None

    Registration.objects.update(status="cancelled")
    assert reason_gone(message=message) == NO_LONGER_MEANT
    suppress(conference=event.conference, email=row.participant.email, reason="unsubscribed")
    assert reason_gone(message=message) == UNWANTED["unsubscribed"]  # type: ignore[index]


@pytest.mark.django_db
def test_a_confirmation_does_not_wait_behind_it(event: Workshop, note: Announcement, member: User) -> None:
    row = person_in(event)
    send(note, member)
    with transaction.atomic():
        owe_to_participant(registration=row, kind="confirmed")

    claimed = [message.kind for _ in range(2) if (message := claim_next())]
    assert claimed == ["confirmed", "announcement"]


@pytest.mark.django_db
def test_more_people_do_not_cost_more_queries(event: Workshop, member: User) -> None:
    person_in(event)
    send(announce(event), member)

    def queries() -> int:
        note = announce(event)
        with CaptureQueriesContext(connection) as captured:
            send(note, member)
        return len(captured)

    few = queries()
    for _ in range(5):
        person_in(event)
    send(announce(event), member)  # their links
    assert queries() == few


@pytest.mark.django_db
def test_the_hosts_words_are_sent_with_what_stands_for_their_placeholders(
    event: Workshop, member: User
) -> None:
    person_in(event, first_name="Ayşe", last_name="[x](http://evil.example) <b>", language="en")
    note = announce(
        event,
        subject_en="About {title}",
        text_en="Dear **{first_name}** {last_name},\n\n- be on time\n- [the page](https://example.org/a)\n",
    )
    send(note, member)

    mail = render(message=Message.objects.get())

    html = str(mail.alternatives[0][0])
    assert mail.subject == "About Digital city"
    assert "Dear Ayşe [x](http://evil.example) <b>," in mail.body
    assert "- the page (https://example.org/a)" in mail.body
    assert "<strong>Ayşe</strong> [x](http://evil.example) &lt;b&gt;," in html
    assert 'href="http://evil.example"' not in html
    assert 'href="https://example.org/a"' in html


@pytest.mark.django_db
def test_a_missing_language_falls_back_and_the_mail_says_so(event: Workshop, member: User) -> None:
    person_in(event, first_name="Ada", last_name="Ay", language="en")
    send(announce(event, text_en="", subject_en=""), member)

    mail = render(message=Message.objects.get())

    assert mail.subject == "Hinweis"
    assert mail.body.splitlines()[:5] == [
        "Dear Ada Ay,",
        "",
        "The hosts wrote this message in German.",
        "",
        "Bitte pünktlich.",
    ]
    assert '<div class="own-text" lang="de">' in str(mail.alternatives[0][0])


@pytest.mark.django_db
def test_it_names_the_way_out_of_such_messages(event: Workshop, note: Announcement, member: User) -> None:
    person_in(event, language="en")
    send(note, member)

    mail = render(message=Message.objects.get())

    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "If you do not wish to get such messages" in mail.body
