"""One click does what it says, once, and only for who may."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests import factories
from workshops.domain.checks.apply_proposal import ProposalError, apply_proposal
from workshops.domain.checks.finding import Finding
from workshops.domain.checks.findings_for import findings_for
from workshops.domain.scope import Scope
from workshops.models import Appearance, Conference, Speaker, Workshop, WorkshopDay

pytestmark = pytest.mark.django_db
EVERYTHING = Scope(everything=True)


def proposed(conference: Conference, code: str) -> Finding:
    (found,) = [finding for finding in findings_for(conference=conference) if finding.code == code]
    assert found.proposal is not None
    return found


def apply(conference: Conference, code: str, scope: Scope = EVERYTHING) -> Finding:
    finding = proposed(conference, code)
    assert finding.proposal is not None
    apply_proposal(conference=conference, key=finding.proposal.key, scope=scope)
    return finding


def codes(conference: Conference) -> list[str]:
    return [finding.code for finding in findings_for(conference=conference)]


@pytest.fixture
def day(conference: Conference) -> WorkshopDay:
    """From 9:30 to 11:30; its single item takes the whole of it."""
    day = factories.make_day(factories.make_workshop(conference, with_day=False))
    factories.make_session(day, duration_minutes=120)
    return day


def test_a_conference_in_order_has_no_findings(conference: Conference, day: WorkshopDay) -> None:
    assert codes(conference) == []


def test_the_day_closes_with_its_agenda(conference: Conference, day: WorkshopDay) -> None:
    day.sessions.update(duration_minutes=100)
    assert (
        apply(conference, "agenda-shorter-than-day")
        .proposal.label["en"]
        .startswith(  # type: ignore[union-attr]
            "Let the day end with its agenda, at 11:10 CET"
        )
    )
    day.refresh_from_db()
    assert (day.opens, day.closes) == (dt.time(9, 30), dt.time(11, 10))
    day.sessions.update(duration_minutes=150)
    apply(conference, "agenda-longer-than-day")
    day.refresh_from_db()
    assert (day.closes, codes(conference)) == (dt.time(12, 0), [])


def test_parts_are_shortened_to_fit(conference: Conference, day: WorkshopDay) -> None:
    parent = day.sessions.get()
    parts = [factories.make_session(day, parent=parent, duration_minutes=minutes) for minutes in (100, 50)]
    apply(conference, "parts-exceed-parent")
    for part in parts:
        part.refresh_from_db()
    assert ([part.duration_minutes for part in parts], codes(conference)) == ([80, 40], [])


def test_registration_closes_when_the_workshop_begins(conference: Conference, day: WorkshopDay) -> None:
    late = dt.datetime.combine(day.date, dt.time(20), tzinfo=dt.UTC)
    Workshop.objects.filter(pk=day.workshop_id).update(registration_closes_at=late)
    apply(conference, "registration-closes-after-start")
    closes = Workshop.objects.get(pk=day.workshop_id).registration_closes_at
    assert closes is not None
    assert closes.astimezone(ZoneInfo(conference.home_zone)).time() == dt.time(9, 30)
    assert codes(conference) == []


@pytest.fixture
def small(conference: Conference, day: WorkshopDay) -> Workshop:
    """30 active places on a platform that admits 20."""
    told = {"instructions_de": "So geht es", "instructions_tr": "Böyle", "instructions_en": "Like this"}
    platform = factories.make_platform(conference, max_participants=20, **told)
    Workshop.objects.filter(pk=day.workshop_id).update(platform=platform)
    return Workshop.objects.get(pk=day.workshop_id)


def test_places_are_lowered_to_what_the_platform_admits(conference: Conference, small: Workshop) -> None:
    apply(conference, "capacity-above-platform")
    small.refresh_from_db()
    assert (small.capacity_active, small.capacity_listener, codes(conference)) == (20, None, [])
    Workshop.objects.filter(pk=small.pk).update(capacity_active=15, capacity_listener=10)
    apply(conference, "capacity-above-platform")
    small.refresh_from_db()
    assert (small.capacity_active, small.capacity_listener, codes(conference)) == (15, 5, [])


def test_places_are_not_lowered_below_those_taken(conference: Conference, small: Workshop) -> None:
    Workshop.objects.filter(pk=small.pk).update(taken_active=25)
    with pytest.raises(ProposalError, match="More active places are taken"):
        apply(conference, "capacity-above-platform")
    assert Workshop.objects.get(pk=small.pk).capacity_active == 30


def test_two_spellings_become_one_person(conference: Conference, day: WorkshopDay) -> None:
    house = factories.make_organisation(conference, name_en="City")
    kept = factories.make_speaker(conference, slug="a", first_name="Franck", last_name="Düvell")
    merged = factories.make_speaker(
        conference, slug="b", first_name="Franck", last_name="Duvell", academic_title="Dr.", organisation=house,
        position_de="Forscher", position_tr="Araştırmacı", position_en="Researcher",
    )  # fmt: skip
    session = day.sessions.get()
    part = factories.make_session(day, parent=session, duration_minutes=120)
    for speaker, where, role in (
        (kept, session, "speaker"), (kept, session, "moderator"), (kept, part, "speaker"),
        (merged, session, "speaker"), (merged, part, "moderator"),
    ):  # fmt: skip
        Appearance.objects.create(speaker=speaker, session=where, role=role)
    apply(conference, "name-spelled-differently")
    kept.refresh_from_db()
    assert (str(kept), kept.organisation, kept.position_tr) == ("Dr. Franck Düvell", house, "Araştırmacı")
    assert list(Speaker.objects.all()) == [kept]
    assert sorted(Appearance.objects.values_list("session", "role")) == sorted(
        [(session.pk, "speaker"), (session.pk, "moderator"), (part.pk, "speaker"), (part.pk, "moderator")]
    )
    assert codes(conference) == []


def test_a_merged_person_still_stands_for_the_house_they_were_named_with(
    conference: Conference, day: WorkshopDay
) -> None:
    own, other = (factories.make_organisation(conference, name_en="City") for _ in range(2))
    people = [
        factories.make_speaker(conference, first_name="Franck", last_name=last, organisation=house)
        for last, house in (("Düvell", own), ("Duvell", other))
    ]
    for speaker in people:
        Appearance.objects.create(speaker=speaker, session=factories.make_session(day))
    apply(conference, "name-spelled-differently")
    assert list(Appearance.objects.values_list("speaker", "organisation").order_by("pk")) == [
        (people[0].pk, None),
        (people[0].pk, other.pk),
    ]


def test_an_old_page_changes_nothing(conference: Conference, day: WorkshopDay) -> None:
    day.sessions.update(duration_minutes=100)
    old = proposed(conference, "agenda-shorter-than-day").proposal
    assert old is not None
    day.sessions.update(duration_minutes=90)
    for key in (old.key, "", "close-day:1:10:00", "delete:1"):
        with pytest.raises(ProposalError, match="not proposed any more"):
            apply_proposal(conference=conference, key=key, scope=EVERYTHING)
    day.refresh_from_db()
    assert day.closes == dt.time(11, 30)


def test_who_looks_after_another_workshop_may_not(conference: Conference, day: WorkshopDay) -> None:
    day.sessions.update(duration_minutes=100)
    other = factories.make_workshop(conference)
    with pytest.raises(ProposalError):
        apply(conference, "agenda-shorter-than-day", Scope(workshops=frozenset({other.pk})))
    apply(conference, "agenda-shorter-than-day", Scope(workshops=frozenset({day.workshop_id})))
    day.refresh_from_db()
    assert day.closes == dt.time(11, 10)


def test_a_stored_time_that_does_not_exist_is_an_error_and_the_rest_waits(
    conference: Conference, day: WorkshopDay
) -> None:
    WorkshopDay.objects.filter(pk=day.pk).update(date=dt.date(2027, 3, 28), opens=dt.time(2, 30))
    (found,) = findings_for(conference=conference)
    assert (found.severity, found.code) == ("error", "time-does-not-exist")
    assert found.places[0].url == f"/admin/workshops/workshopday/{day.pk}/change/"
    assert "28 March 2027: This time does not exist" in found.message["en"]


def test_links_lead_to_people_and_platforms_themselves(conference: Conference, day: WorkshopDay) -> None:
    speaker = factories.make_speaker(conference, position_de="Nur deutsch")
    Appearance.objects.create(speaker=speaker, session=day.sessions.get())
    urls = {place.url for finding in findings_for(conference=conference) for place in finding.places}
    assert urls == {f"/admin/workshops/speaker/{speaker.pk}/change/"}
