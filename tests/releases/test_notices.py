"""Writing to those whom a release concerns: who is owed a mail, and what it says by the time it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registration.domain.announce_changes import announce_changes, people_by_workshop
from registration.domain.changes_told import changes_told
from registration.domain.outbox.still_owed import NOTHING_CHANGED, reason_gone
from registration.domain.tokens import issue_link, token_of
from registration.mails.render import render
from registration.models import Message, Participant, PersonalLink, Registration
from tests import factories
from tests.outbox.smtp import MailServer
from tests.sending import send_what_is_due
from workshops.domain.release import release_programme
from workshops.models import Conference, Release, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db

JUNE = dt.date(2020, 6, 15)
BEFORE = "Monday, 15 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT"
MOVED = f"Date and time: until now {BEFORE}, now Tuesday, 16 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT."
REPLACED = (
    "The attached calendar file replaces what you have had from us before. If you made an entry of your own, please "
    "change or delete it: it is no longer right."
)
CALENDAR = (
    "If you have saved an event in your calendar, please change or delete that entry: it is no longer right."
)
Register = Callable[..., Registration]


@pytest.fixture
def events(conference: Conference) -> list[Workshop]:
    """Three workshops of one day each, released."""
    workshops = [
        factories.make_workshop(
            conference,
            with_day=False,
            number=number,
            slug=slug,
            title_en=title,
            title_de=title,
            title_tr=title,
        )
        for number, (slug, title) in enumerate([("city", "City"), ("youth", "Youth"), ("water", "Water")], 1)
    ]
    for workshop in workshops:
        factories.make_day(workshop, date=JUNE)
    release_programme(conference=conference)
    return workshops


def register(workshop: Workshop, person: Participant | None = None, **values: Any) -> Registration:
    row = {"role": "active", "status": "confirmed", **values}
    if row["status"] == "waitlisted":
        row["waiting_since"] = timezone.now()
    participant = person or factories.make_participant(workshop.conference, language="en")
    return Registration.objects.create(participant=participant, workshop=workshop, **row)


def move(*workshops: Workshop, days: int = 1) -> Release:
    WorkshopDay.objects.filter(workshop__in=workshops).update(date=JUNE + dt.timedelta(days=days))
    return release_programme(conference=workshops[0].conference)


def announce(*workshops: Workshop, release: Release | None = None) -> int:
    """After the newest release; moves the workshops first where none is given."""
    after = release or move(*workshops)
    since = Release.objects.get(number=after.number - 1)
    with transaction.atomic():
        return announce_changes(release=after, since=since, workshops=[each.pk for each in workshops])


def owed() -> Message:
    related = "participant__conference", "link"
    return Message.objects.select_related(*related).get(kind=Message.Kind.PROGRAMME_CHANGED)


def body(message: Message | None = None) -> str:
    return " ".join(str(render(message=message or owed()).body).split())


# Who


@pytest.mark.parametrize(
    ("status", "count"),
    [("requested", 1), ("waitlisted", 1), ("confirmed", 1), ("declined", 0), ("cancelled", 0)],
)
def test_who_is_registered_is_written_to(events: list[Workshop], status: str, count: int) -> None:
    register(events[0], status=status)

    assert announce(events[0]) == count
    assert Message.objects.count() == count


def test_who_is_in_three_changed_workshops_gets_one_mail(events: list[Workshop]) -> None:
    person = factories.make_participant(events[0].conference, language="en")
    for workshop in events:
        register(workshop, person)

    assert announce(*events) == 1

    first, second = Release.objects.order_by("number")
    expected = {"release": second.pk, "since": first.pk, "workshops": [each.pk for each in events]}
    message = owed()
    assert message.facts == expected
    assert (message.recipient, message.language, message.participant) == (person.email, "en", person)
    assert (message.registration, message.invitation) == (None, None)


def test_a_workshop_that_was_not_chosen_is_not_in_the_mail(events: list[Workshop]) -> None:
    person = factories.make_participant(events[0].conference, language="en")
    register(events[0], person)
    register(events[1], person)
    register(events[2])

    announce(events[0], release=move(*events))

    assert owed().facts["workshops"] == [events[0].pk]
    assert "Youth" not in body()


def test_another_conference_s_people_are_left_alone(events: list[Workshop]) -> None:
    other = factories.make_workshop(factories.make_conference(is_current=False))
    register(other)

    assert announce(events[0], other, release=move(events[0])) == 0


def test_each_mail_has_the_person_s_own_link(events: list[Workshop]) -> None:
    known, new, late = (register(events[0]).participant for _ in range(3))
    issue_link(participant=known)
    link = issue_link(participant=known)
    PersonalLink.objects.filter(pk=issue_link(participant=known).pk).update(revoked_at=timezone.now())
    issue_link(participant=late, expires_at=timezone.now())

    announce(events[0])

    links = dict(Message.objects.values_list("participant", "link"))
    assert links[known.pk] == link.pk
    assert [PersonalLink.objects.get(pk=links[each.pk]).participant for each in (new, late)] == [new, late]
    assert len(set(links.values())) == 3
    fresh = PersonalLink.objects.get(pk=links[new.pk])
    assert fresh.expires_at == link.expires_at
    assert token_of(link=fresh) in body(Message.objects.get(participant=new))


def test_a_link_that_no_key_makes_any_more_is_not_sent(events: list[Workshop], settings: Any) -> None:
    person = register(events[0]).participant
    issue_link(participant=person)
    settings.SECRET_KEY = "another-key-that-nobody-had-before"

    announce(events[0])

    assert PersonalLink.objects.filter(participant=person).count() == 2
    assert token_of(link=owed().link) in body()  # type: ignore[arg-type]


def test_many_people_are_owed_with_as_many_queries_as_few(events: list[Workshop]) -> None:
    counted = []
    for people in (1, 40):
        for _ in range(people):
            register(events[0], register(events[1]).participant)
        release = move(events[0], events[1], days=people)
        with CaptureQueriesContext(connection) as captured:
            announce(*events, release=release)
        counted.append(len([query for query in captured if not query["sql"].startswith("INSERT")]))
    assert (counted[0], Message.objects.count()) == (counted[1], 1 + 41)


def test_the_worker_is_nudged_once(events: list[Workshop], django_capture_on_commit_callbacks: Any) -> None:
    for _ in range(3):
        register(events[0])
    release = move(events[0])

    with django_capture_on_commit_callbacks() as callbacks:
        announce(events[0], release=release)

    assert len(callbacks) == 1


def test_without_a_transaction_nothing_is_owed(transactional_db: None, conference: Conference) -> None:
    workshop = factories.make_workshop(conference)
    register(workshop)
    since, release = (release_programme(conference=conference) for _ in range(2))

    with pytest.raises(transaction.TransactionManagementError):
        announce_changes(release=release, since=since, workshops=[workshop.pk])

    assert Message.objects.count() == 0


def test_the_number_of_people_is_known_before(events: list[Workshop]) -> None:
    for status in ("requested", "waitlisted", "cancelled", "declined"):
        register(events[0], status=status)
    register(events[1])

    counted = people_by_workshop(conference=events[0].conference, workshops=[each.pk for each in events])

    assert counted == {events[0].pk: 2, events[1].pk: 1}
    assert (announce(events[0]), announce(events[1])) == (2, 1)


# What


def test_the_mail_says_what_was_and_what_is_and_how_one_stands(events: list[Workshop]) -> None:
    register(events[0], role="listener")
    announce(events[0])

    mail = render(message=owed())

    lines = mail.body.splitlines()
    assert mail.subject == "Changed: City"
    assert lines[2:13] == [
        "The organisers have changed the programme of an event that you are",
        "registered for.",
        "",
        "Workshop 1: City",
        "----------------",
        "- Date and time: until now Monday, 15 June 2020, 09:30–11:30 CET /",
        "  10:30–12:30 TRT, now Tuesday, 16 June 2020, 09:30–11:30 CET / 10:30–12:30",
        "  TRT.",
        "",
        "16 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT",
        "CET = German time, UTC+2 (summer time); TRT = Turkish time, UTC+3",
    ]
    assert "You take part as a listener." in lines
    assert REPLACED in body()
    html = str(mail.alternatives[0][0])
    assert f">{MOVED}</li>" in html


def test_several_events_stand_in_one_mail_in_the_programme_s_order(events: list[Workshop]) -> None:
    person = factories.make_participant(events[0].conference, language="en")
    for workshop, status in zip(events, ("requested", "waitlisted", "confirmed"), strict=True):
        register(workshop, person, status=status)
    announce(*events)

    mail = render(message=owed())

    assert mail.subject == "Changes in the programme: Test conference"
    said = body()
    parts = [
        "Workshop 1: City",
        "You have asked to take part actively.",
        "Workshop 2: Youth",
        "You are on the waiting list for an active place, number 1.",
        "Workshop 3: Water",
        "You take part actively.",
    ]
    assert [said.index(part) for part in parts] == sorted(said.index(part) for part in parts)
    assert said.count(MOVED) == 3


def test_who_is_told_of_a_speaker_only_keeps_their_calendar(events: list[Workshop]) -> None:
    session = factories.make_session(events[0].days.get(), title_en="Opening")
    release_programme(conference=events[0].conference)
    session.appearances.create(speaker=factories.make_speaker(events[0].conference, last_name="Lovelace"))
    register(events[0])
    announce(events[0], release=release_programme(conference=events[0].conference))

    said = body()

    assert "- New at “Opening”: Ada Lovelace" in said
    assert CALENDAR not in said


def test_what_must_be_known_comes_first_and_texts_in_other_languages_are_left_out(
    events: list[Workshop],
) -> None:
    register(events[0])
    Workshop.objects.filter(pk=events[0].pk).update(goals_de="Neue Ziele")
    factories.make_session(events[0].days.get(), title_en="Coffee")
    announce(events[0])

    said = body()

    assert said.index(MOVED) < said.index("Coffee")
    assert "Goals" not in said


def test_a_text_in_another_language_is_told_where_nothing_else_is(events: list[Workshop]) -> None:
    register(events[0])
    Workshop.objects.filter(pk=events[0].pk).update(goals_de="Neue Ziele")
    announce(events[0], release=release_programme(conference=events[0].conference))

    assert "Text changed: Goals (German)." in body()


def test_a_new_title_is_also_wrong_in_a_calendar(events: list[Workshop]) -> None:
    register(events[0])
    Workshop.objects.filter(pk=events[0].pk).update(title_en="Better city")
    announce(events[0], release=release_programme(conference=events[0].conference))

    assert "now “Better city”." in body()
    assert REPLACED in body()


def test_who_is_not_let_in_yet_is_told_that_an_own_entry_is_wrong(events: list[Workshop]) -> None:
    register(events[0], status="requested")
    announce(events[0])
    assert CALENDAR in body()


def test_a_workshop_taken_out_of_the_programme_is_told_of(events: list[Workshop]) -> None:
    register(events[0])
    take_out(events[0])
    announce(events[0], release=release_programme(conference=events[1].conference))

    mail, said = render(message=owed()), body()

    assert mail.subject == "No longer in the programme: City"
    assert f"- “City” was taken out of the programme (until now {BEFORE})." in said
    assert "your registration is kept in case the event comes back." in said
    assert "yet to be announced" not in said
    assert "You take part actively." not in said
    assert "With the attached file your calendar takes the entry out." in said


def take_out(workshop: Workshop) -> None:
    """Nobody can delete one with registrations: it is another conference's now."""
    other = factories.make_conference(is_current=False)
    Workshop.objects.filter(pk=workshop.pk).update(conference=other)


def test_who_is_written_to_in_two_languages_reads_it_in_both(events: list[Workshop]) -> None:
    register(events[0], factories.make_participant(events[0].conference, language=""))
    announce(events[0])

    said = body()

    german, turkish = "Montag, 15. Juni 2020, 09:30–11:30 CET", "15 Haziran 2020 Pazartesi, 09:30–11:30 CET"
    assert 0 < said.index(german) < said.index(turkish)


# By the time it is sent


def test_what_was_changed_again_is_told_as_it_is_now(events: list[Workshop]) -> None:
    register(events[0])
    announce(events[0])
    move(events[0], days=3)

    now = "Thursday, 18 June 2020, 09:30–11:30 CET / 10:30–12:30 TRT"
    assert f"- Date and time: until now {BEFORE}, now {now}." in body()
    assert "16 June" not in body()


def test_what_was_taken_back_is_told_to_nobody(events: list[Workshop]) -> None:
    register(events[0])
    announce(events[0])
    assert reason_gone(message=owed()) is None

    move(events[0], days=0)

    assert reason_gone(message=owed()) == NOTHING_CHANGED


def test_whoever_was_to_learn_of_a_time_is_not_written_to_about_less(events: list[Workshop]) -> None:
    register(events[0])
    announce(events[0])
    Workshop.objects.filter(pk=events[0].pk).update(capacity_active=7)
    move(events[0], days=0)

    assert reason_gone(message=owed()) == NOTHING_CHANGED


def test_only_what_is_left_is_told(events: list[Workshop]) -> None:
    person = register(events[0]).participant
    register(events[1], person)
    announce(events[0], events[1])
    move(events[0], days=0)

    told = changes_told(message=owed())

    assert [entry.registration.workshop for entry in told] == [events[1]]
    assert render(message=owed()).subject == "Changed: Youth"


@pytest.mark.parametrize("status", ["cancelled", "declined"])
def test_who_has_left_meanwhile_is_not_written_to(events: list[Workshop], status: str) -> None:
    registration = register(events[0])
    announce(events[0])
    Registration.objects.filter(pk=registration.pk).update(status=status)

    assert reason_gone(message=owed()) == NOTHING_CHANGED


def test_a_release_that_is_gone_leaves_nothing_to_tell(events: list[Workshop]) -> None:
    register(events[0])
    announce(events[0])
    Release.objects.filter(number=1).delete()

    assert reason_gone(message=owed()) == NOTHING_CHANGED


def test_it_arrives_or_is_cancelled_with_its_reason(
    transactional_db: None, conference: Conference, settings: Any
) -> None:
    kept, taken_back = (factories.make_workshop(conference, with_day=False) for _ in range(2))
    for workshop in (kept, taken_back):
        factories.make_day(workshop, date=JUNE)
    release_programme(conference=conference)
    told, untold = (register(workshop).participant for workshop in (kept, taken_back))
    announce(kept, taken_back)
    move(taken_back, days=0)

    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.address
        send_what_is_due()
        arrived = server.ids

    found = Message.objects.values_list("participant", "status", "last_error")
    assert set(found) == {(told.pk, "sent", ""), (untold.pk, "cancelled", NOTHING_CHANGED)}
    assert arrived == [Message.objects.get(status="sent").message_id]
