"""Reports of the platforms: read in three languages, matched to people, summed without counting anything twice."""

from __future__ import annotations

import datetime as dt

import pytest

from registration.domain.access_codes.read import GivenCode
from registration.domain.access_codes.upload import upload_codes
from registration.domain.attendance.apply_report import Applied, apply_report
from registration.domain.attendance.match import How, by_registration, match_report, span_of
from registration.domain.attendance.read_report import UnreadableReport, Visit
from registration.domain.attendance.spans import Presence, Stay, presence_of
from registration.domain.attendance.times import moment_in
from registration.domain.certificates.rule import who_gets_one
from registration.models import Attendance
from tests import factories
from tests.attendance.conftest import DATE, at, read, register
from workshops.models import Workshop, WorkshopDay

pytestmark = pytest.mark.django_db

MEETING = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
987 6543 2100,Digitale Stadt,06/15/2020 09:20:00 AM,06/15/2020 11:35:00 AM,host@example.org,135,2

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Ada Yılmaz,ada@example.org,06/15/2020 09:25:10 AM,06/15/2020 10:30:10 AM,66,Yes
Ada (iPad),ADA@example.org,06/15/2020 10:00:00 AM,06/15/2020 11:00:00 AM,60,Yes
Grace,,06/15/2020 09:30:00 AM,06/15/2020 11:30:00 AM,120,Yes
"""
WEBINAR = """Attendee Report
Report Generated:,"Jun 16, 2020 08:00 AM"
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes),# Registered,Unique Viewers
Digitale Stadt,987 6543 2100,"Jun 15, 2020 09:20 AM",135,3,2
Panelist Details,
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest
Yes,Ada Yılmaz,ada@example.org,"Jun 15, 2020 09:25:10 AM","Jun 15, 2020 10:30:10 AM",65,No
Attendee Details,
Attended,User Name (Original Name),First Name,Last Name,Email,Join Time,Leave Time,Time in Session (minutes),Is Guest
Yes,Ada Yılmaz,Ada,Yılmaz,ada@example.org,"Jun 15, 2020 10:00:00 AM","Jun 15, 2020 11:00:00 AM",60,Yes
Yes,Grace,Grace,Hopper,,"Jun 15, 2020 09:30:00 AM","Jun 15, 2020 11:30:00 AM",120,Yes
No,Eve,Eve,,eve@example.org,--,--,--,--
"""
GERMAN = """Name (Originalname);Benutzer-E-Mail;Beitrittszeit;Beendigungszeit;Dauer (Minuten);Gast
Ada Yılmaz;ada@example.org;15.06.2020 09:25:10;15.06.2020 10:30:10;66;Ja
Ada (iPad);ada@example.org;15.06.2020 10:00:00;15.06.2020 11:00:00;60;Ja
Grace;;15.06.2020 09:30:00;15.06.2020 11:30:00;120;Ja
"""
TURKISH = """Ad (Orijinal Ad),Kullanıcı E-postası,Katılma Zamanı,Ayrılma Zamanı,Süre (Dakika),Konuk
Ada Yılmaz,ada@example.org,15 Haz 2020 09:25:10 ÖÖ,15 Haz 2020 10:30:10 ÖÖ,66,Evet
Ada (iPad),ada@example.org,15 Haz 2020 10:00:00 ÖÖ,15 Haz 2020 11:00:00 ÖÖ,60,Evet
Grace,,15 Haz 2020 09:30:00 ÖÖ,15 Haz 2020 11:30:00 ÖÖ,120,Evet
"""
KUDO = """Participant,Email,Login,Logout
Ada Yılmaz,ada@example.org,2020-06-15 09:25:10,2020-06-15 10:30:10
Ada,ada@example.org,2020-06-15T08:00:00Z,2020-06-15T09:00:00Z
Grace,,2020-06-15 09:30:00,2020-06-15 11:30:00
"""


@pytest.mark.parametrize("report", [MEETING, WEBINAR, GERMAN, TURKISH, KUDO])
def test_every_report_says_the_same(workshop: Workshop, day: WorkshopDay, report: str) -> None:
    ada = register(workshop, email="ada@example.org", first_name="Ada", last_name="Yılmaz")
    found = match_report(day=day, visits=read(report, day).visits)

    assert [(each.how, each.registration, len(each.stays)) for each in found] == [
        (How.EMAIL, ada, 2),
        (How.NOT, None, 1),
    ]
    # 09:30 to 11:00: nothing before the opening, and the second device counts from where the first one ends.
    assert found[0].presence(span_of(day)).minutes == 90
    assert (found[1].name, found[1].presence(span_of(day)).minutes) == ("Grace", 120)


def test_times_are_read_on_the_clock_that_is_named(day: WorkshopDay) -> None:
    rows = "Name,Join Time,Leave Time\nAda,15/06/2020 10:00,15/06/2020 11:00\n"
    for zone, start in (("Europe/Berlin", at(8)), ("Europe/Istanbul", at(7)), ("UTC", at(10))):
        [visit] = read(rows, day, zone).visits
        assert visit.stay.span == (start, start + dt.timedelta(hours=1))


@pytest.mark.parametrize(
    "text",
    [
        "06/15/2020 02:30:00 PM",
        "15.06.2020 14:30",
        "15/06/20 14:30:00",
        "2020-06-15 14:30:00",
        "2020-06-15T12:30:00Z",
        "Jun 15, 2020 02:30:00 PM",
        "15 Haz 2020 02:30 ÖS",
        "15. Juni 2020, 14:30:00",
        "15 Haziran 2020 14.30",
    ],
)
def test_moments_are_read_as_they_are_written(text: str) -> None:
    assert moment_in(text, zone="Europe/Berlin", near=DATE) == at(12, 30)


@pytest.mark.parametrize(
    "text", ["", "soon", "15.06.2020", "15.06.2019 14:30", "32.06.2020 14:30", "15.06.2020 25:30"]
)
def test_what_is_no_moment_of_the_day_is_none(text: str) -> None:
    assert moment_in(text, zone="Europe/Berlin", near=DATE) is None


def test_the_reading_near_the_day_is_taken() -> None:
    for near in (dt.date(2020, 6, 7), dt.date(2020, 7, 6)):
        moment = moment_in("06/07/2020 10:00", zone="UTC", near=near)
        assert moment is not None
        assert moment.date() == near


def test_a_code_finds_its_person(workshop: Workshop, day: WorkshopDay) -> None:
    person = register(workshop, email="ada@example.org")
    details = factories.make_access(day, personal_codes=True)
    upload_codes(details_id=details.pk, codes=[GivenCode(1, "canary-code-7")], by=None)
    report = read("Name,Code,Duration\nSomebody,canary-code-7,45\n", day)
    [found] = match_report(day=day, visits=report.visits)
    assert (found.how, found.registration, found.presence(span_of(day)).minutes) == (How.CODE, person, 45)


def test_the_same_name_is_a_suggestion_and_two_of_one_name_are_none(
    workshop: Workshop, day: WorkshopDay
) -> None:
    ada = register(workshop, first_name="Ada", last_name="Işık")
    for _ in range(2):
        register(workshop, first_name="Max", last_name="Müller")
    rows = "Name,Duration\nADA ISIK,30\nAda Işık (Bursa),20\nMax Muller,10\n"
    found = match_report(day=day, visits=read(rows, day).visits)
    assert [(each.how, each.registration, len(each.stays)) for each in found] == [
        (How.NAME, ada, 2),
        (How.NOT, None, 1),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "There is no list of people in this file"),
        ("Name,Join Time\nAda,01/02/2019 10:00\n", "All times in this file are of other days"),
        ("Name,Duration\n", "There is nobody in this report."),
    ],
)
def test_what_is_no_report_of_this_day_is_refused(day: WorkshopDay, text: str, said: str) -> None:
    with pytest.raises(UnreadableReport, match=said):
        read(text, day)


def test_what_turns_the_line_round_is_no_part_of_a_name(workshop: Workshop, day: WorkshopDay) -> None:
    ada = register(workshop, first_name="Ada", last_name="Işık")
    [visit] = read("Name,Duration\n\u202eAda \u2067Işık,30\n", day).visits
    assert visit.name == "Ada Işık"
    assert [each.registration for each in match_report(day=day, visits=[visit])] == [ada]


def test_rows_that_cannot_be_used_are_named(day: WorkshopDay) -> None:
    report = read(
        "Name,Join Time,Duration\nAda,06/15/2020 10:00,5\nEve,06/15/2019 10:00,5\nZoe,?,5\nBob,,\n", day
    )
    assert [visit.name for visit in report.visits] == ["Ada"]
    assert (report.other_days, report.unread) == ([3], [4, 5])


def test_a_file_that_is_no_table_is_refused(day: WorkshopDay) -> None:
    for name, text in (("report.pdf", "x"), ("report.csv", " ")):
        with pytest.raises(UnreadableReport):
            read(text, day, name=name)


def test_stays_without_times_are_added_up_to_the_length_of_the_day() -> None:
    stays = [Stay(minutes=50), Stay(minutes=100)]
    assert presence_of(stays, within=None) == Presence(150, None, None)
    assert presence_of(stays, within=(at(7, 30), at(9, 30))) == Presence(120, None, None)


def test_who_is_only_known_to_have_come_has_no_minutes() -> None:
    assert presence_of([Stay(came=at(8))], within=None) == Presence(None, at(8), None)


# Applying


def presence(minutes: int) -> Presence:
    return Presence(minutes, at(7, 30), at(7, 30) + dt.timedelta(minutes=minutes))


def minutes_of_all() -> list[tuple[int, int | None]]:
    rows = Attendance.objects.filter(source="report").order_by("registration")
    return list(rows.values_list("registration", "minutes"))


def test_a_second_upload_replaces_the_first_and_doubles_nothing(workshop: Workshop, day: WorkshopDay) -> None:
    ada, eve = register(workshop), register(workshop)
    assert apply_report(
        day=day, presences={ada.pk: presence(30), eve.pk: presence(40)}, adds=False
    ) == Applied(2, 0)
    assert apply_report(day=day, presences={ada.pk: presence(60)}, adds=False) == Applied(1, 1)
    assert apply_report(day=day, presences={ada.pk: presence(60)}, adds=False) == Applied(1, 0)
    assert minutes_of_all() == [(ada.pk, 60)]


def test_a_further_report_adds_people_and_keeps_the_longer_time(workshop: Workshop, day: WorkshopDay) -> None:
    ada, eve = register(workshop), register(workshop)
    apply_report(day=day, presences={ada.pk: presence(60)}, adds=False)
    for _ in range(2):
        apply_report(day=day, presences={ada.pk: presence(30), eve.pk: presence(40)}, adds=True)
    assert minutes_of_all() == [(ada.pk, 60), (eve.pk, 40)]


def test_what_others_say_stays_and_other_days_and_workshops_are_left_alone(
    workshop: Workshop, day: WorkshopDay
) -> None:
    ada = register(workshop)
    foreign = register(factories.make_workshop(workshop.conference))
    Attendance.objects.create(registration=ada, day=day, source="joined")
    other = factories.make_day(workshop, date=DATE + dt.timedelta(days=1))
    apply_report(day=other, presences={ada.pk: presence(10)}, adds=False)
    apply_report(day=day, presences={foreign.pk: presence(10)}, adds=False)
    rows = Attendance.objects.order_by("source").values_list("registration", "day", "source")
    assert list(rows) == [(ada.pk, day.pk, "joined"), (ada.pk, other.pk, "report")]


def test_the_report_decides_about_the_certificate(workshop: Workshop, day: WorkshopDay) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(certificates="present", certificate_percent=75)
    workshop.refresh_from_db()
    long, short = register(workshop), register(workshop)
    visits = [
        Visit(1, "", long.participant.email, "", Stay((at(7), at(9)))),
        Visit(2, "", short.participant.email, "", Stay((at(7), at(8)))),
    ]
    found = match_report(day=day, visits=visits)
    stays = {key: presence_of(each, within=span_of(day)) for key, each in by_registration(found).items()}
    apply_report(day=day, presences=stays, adds=False)
    assert minutes_of_all() == [(long.pk, 90), (short.pk, 30)]
    assert who_gets_one(workshop=workshop, at=at(20)) == [long]
