"""The start page and the figures of a workshop: every number leads to a list with as many rows."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from registration.admin.overview.chart import chart_of
from registration.admin.overview.numbers import line_of
from registration.admin.overview.reach import Reach
from registration.domain.figures.arrivals import Bucket, count_arrivals
from registration.domain.figures.deadlines import What
from registration.domain.figures.interpreting import Listening, needs_interpreting
from registration.domain.figures.invitations import Invited
from registration.domain.figures.programme_state import programme_state
from registration.domain.figures.registrations import Registered
from registration.domain.invite import invite
from registration.models import AccessDetails, Invitation, Message, Participant, Registration
from tests import factories
from tests.world import World, fill, register
from workshops.domain.release import release_programme
from workshops.models import Session, Workshop, WorkshopDay

INDEX, NUMBERS = reverse("admin:index"), reverse("admin:overview")
# After 22:00 in Germany it is another date in Türkiye: that is said behind the time.
_TIME = r"\d\d:\d\d(?: \(\+1\))?"
BOTH_CLOCKS = re.compile(rf"{_TIME} CET</span> / <span class=\"clock\">{_TIME} TRT")


def crowd(world: World) -> None:
    """People in every state, offers of both roles, invitations and mails that went every way."""
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for workshop in (world.own, world.other):
        register(workshop, status="confirmed")
        register(workshop, status="confirmed", role="listener", participant=german(world))
        register(workshop, status="declined")
        register(workshop, status="cancelled")
        register(workshop, status="waitlisted", listens_meanwhile=True, participant=unknown(world))
        offer(register(workshop, status="waitlisted"), tomorrow)
        offer(register(workshop, status="waitlisted", role="listener"), tomorrow)
        for status in ("sent", "accepted", "declined", "failed"):
            invited(workshop, status)
    Message.objects.filter(invitation=invitation_of_status(world.own, "failed")).update(status="failed")


def german(world: World) -> Participant:
    return factories.make_participant(
        world.conference, language="de", country="DE", organisation="Bezirksamt Mitte & Söhne"
    )


def unknown(world: World) -> Participant:
    return factories.make_participant(world.conference, language="", country="", organisation="")


def offer(registration: Registration, until: dt.datetime) -> None:
    Registration.objects.filter(pk=registration.pk).update(offered_until=until)
    counter = f"taken_{registration.role}"
    workshop = Workshop.objects.get(pk=registration.workshop_id)
    Workshop.objects.filter(pk=workshop.pk).update(**{counter: getattr(workshop, counter) + 1})


def invited(workshop: Workshop, status: str) -> Invitation:
    number = Invitation.objects.count()
    with transaction.atomic():
        invitation = invite(
            conference=workshop.conference, email=f"invited{number}@example.org", workshops=[workshop]
        )
    now = timezone.now()
    answered = now if status in {"accepted", "declined"} else None
    Invitation.objects.filter(pk=invitation.pk).update(status=status, sent_at=now, answered_at=answered)
    type(invitation.link).objects.filter(pk=invitation.link_id).update(expires_at=now + dt.timedelta(days=3))
    return invitation


def invitation_of_status(workshop: Workshop, status: str) -> Invitation:
    return Invitation.objects.get(workshops=workshop, status=status)


def linked_numbers(html: str) -> list[tuple[str, int]]:
    """Every link that begins with a number, and that number."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>\s*(?:<strong>)?(\d+)', html)
    return [(address.replace("&amp;", "&"), int(number)) for address, number in found]


def rows_behind(client: Any, address: str) -> int:
    page = client.get(address.partition("#")[0])
    assert page.status_code == 200, address
    if "cl" in page.context:
        return int(page.context["cl"].result_count)
    severity = address.partition("#findings-")[2]
    return sum(len(group.findings) for group in page.context["groups"] if group.severity == severity)


@pytest.mark.parametrize("who", ["member", "lead"])
def test_every_number_of_the_start_page_leads_to_as_many_rows(world: World, sign_in: Any, who: str) -> None:
    crowd(world)
    client = sign_in(getattr(world, who), "en")
    content = client.get(INDEX).content.decode().partition('<div class="app-list">')[0]
    numbers = linked_numbers(content)
    assert len(numbers) > (12 if who == "member" else 20)
    assert {address: rows_behind(client, address) for address, _number in numbers} == dict(numbers)


def test_every_number_of_a_workshops_figures_leads_to_as_many_rows(world: World, sign_in: Any) -> None:
    crowd(world)
    client = sign_in(world.member, "en")
    numbers = linked_numbers(client.get(figures(world.own)).content.decode())
    assert len(numbers) > 18
    assert {address: rows_behind(client, address) for address, _number in numbers} == dict(numbers)


def figures(workshop: Workshop) -> str:
    return reverse("admin:figures", args=[workshop.pk])


def test_what_a_workshop_is_said_to_hold(world: World, sign_in: Any) -> None:
    crowd(world)
    [line] = sign_in(world.member).get(INDEX).context["overview"].workshops
    names = (
        "active",
        "offered",
        "listening",
        "waiting",
        "to_decide",
        "invited",
        "answered",
        "declined",
        "bounced",
        "failed",
    )
    assert {name: getattr(line, name).value for name in names} == {
        "active": 2,
        "offered": 1,
        "listening": 3,
        "waiting": 3,
        "to_decide": 1,
        "invited": 4,
        "answered": 2,
        "declined": 1,
        "bounced": 1,
        "failed": 1,
    }
    assert [(part.name, part.x + part.width) for part in line.bar][-1] == ("listening", 1000)
    assert sum(part.width for part in line.bar) == 1000


def test_who_waits_is_counted_over_all_workshops(world: World, sign_in: Any) -> None:
    crowd(world)
    waiting = sign_in(world.lead).get(INDEX).context["overview"].waiting
    assert (waiting.decision.value, waiting.place.value, waiting.answer.value) == (2, 2, 4)
    waiting = sign_in(world.member).get(INDEX).context["overview"].waiting
    assert (waiting.decision.value, waiting.place.value, waiting.answer.value) == (1, 1, 2)


def test_the_next_deadlines_come_first_and_on_both_clocks(world: World, sign_in: Any) -> None:
    crowd(world)
    now = timezone.now()
    Workshop.objects.filter(pk=world.own.pk).update(registration_closes_at=now + dt.timedelta(hours=5))
    WorkshopDay.objects.filter(workshop=world.own).update(date=(now + dt.timedelta(days=9)).date())
    AccessDetails.objects.filter(day__workshop=world.own).delete()
    page = sign_in(world.member, "en").get(INDEX)
    rows = page.context["overview"].deadlines
    assert [row.key.rpartition("-")[0].rpartition("-")[0] for row in rows] == [
        What.REGISTRATION_CLOSES,
        What.OFFERS_LAPSE,
        What.INVITATIONS_EXPIRE,
        What.ACCESS_MISSING,
        What.UNNAMED,
    ]
    assert [row.text for row in rows] == [
        "Registration closes",
        "2 places are offered and not answered; the first offer ends",
        "1 invitation without an answer expires within a week",
        "There are no access details yet (active, listening); it begins",
        "1 appearance is not named or confirmed yet; it begins",
    ]
    section = page.content.decode().partition('id="deadlines-heading"')[2].partition("</section>")[0]
    assert len(BOTH_CLOCKS.findall(section)) == 5


def test_what_lies_further_ahead_is_no_deadline_yet(world: World, sign_in: Any) -> None:
    Workshop.objects.filter(pk=world.own.pk).update(
        registration_closes_at=timezone.now() + dt.timedelta(days=15)
    )
    page = sign_in(world.member, "en").get(INDEX)
    assert page.context["overview"].deadlines == []
    assert "Nothing within the next fourteen days." in page.content.decode()


def test_a_member_is_told_nothing_of_another_workshop(world: World, sign_in: Any) -> None:
    crowd(world)
    client = sign_in(world.member)
    for address in (INDEX, NUMBERS, figures(world.own)):
        assert "Fremder Workshop" not in client.get(address).content.decode()
    assert client.get(figures(world.other)).status_code == 404
    assert client.get(reverse("admin:figures", args=[10**30])).status_code == 404


def test_who_looks_after_nothing_gets_no_numbers(world: World, sign_in: Any) -> None:
    client = sign_in(factories.make_organiser())
    assert client.get(NUMBERS).status_code == 403
    assert client.get(figures(world.own)).status_code == 404


@pytest.mark.parametrize("address", [NUMBERS, "figures"])
def test_the_numbers_are_only_read(world: World, sign_in: Any, address: str) -> None:
    address = figures(world.own) if address == "figures" else address
    assert sign_in(world.member).post(address).status_code == 405


def test_the_numbers_that_are_asked_for_anew_are_those_of_the_page(world: World, sign_in: Any) -> None:
    crowd(world)
    client = sign_in(world.member, "en")
    page, anew = client.get(INDEX).content.decode(), client.get(NUMBERS)
    assert linked_numbers(anew.content.decode()) == linked_numbers(page.partition('class="app-list"')[0])
    assert "no-store" in anew["Cache-Control"]


def test_a_change_of_the_programme_is_seen_at_once(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    assert client.get(INDEX).context["overview"].is_behind is False
    session = Session.objects.filter(day__workshop=world.own)[0]
    session.title_de = "Etwas anderes"
    session.save()
    assert client.get(INDEX).context["overview"].is_behind is True
    release_programme(conference=world.conference)
    overview = client.get(INDEX).context["overview"]
    assert (overview.is_behind, overview.release.number) == (False, 2)


def test_what_was_found_is_not_looked_for_again(world: World) -> None:
    programme_state(conference=world.conference)
    with CaptureQueriesContext(connection) as captured:
        programme_state(conference=world.conference)
    assert len(captured) == 0


# One more than the operator: the team somebody is in.
@pytest.mark.parametrize(("who", "expected"), [("boss", 11), ("lead", 12), ("member", 11)])
def test_the_start_page_costs_twelve_queries_at_most_however_many_workshops_there_are(
    world: World, sign_in: Any, who: str, expected: int
) -> None:
    client = sign_in(getattr(world, who))
    assert [queries(client, INDEX), queries(client, NUMBERS)] == [expected, expected]
    for number in (3, 4):
        fill(factories.make_workshop(world.conference, number=number))
    assert [queries(client, INDEX), queries(client, NUMBERS)] == [expected, expected]


def queries(client: Any, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_figures_of_a_workshop_cost_twelve_queries_at_most(world: World, sign_in: Any) -> None:
    client = sign_in(world.lead)
    few = queries(client, figures(world.own))
    crowd(world)
    assert [few, queries(client, figures(world.own))] == [12, 12]


def at(workshop: Workshop, *moments: str) -> None:
    """Registrations made at these moments of the home clock."""
    zone = ZoneInfo(workshop.conference.home_zone)
    for moment in moments:
        row = register(workshop)
        made = dt.datetime.fromisoformat(moment).replace(tzinfo=zone)
        Registration.objects.filter(pk=row.pk).update(created_at=made)


def test_days_are_those_of_the_home_clock(world: World) -> None:
    Registration.objects.all().delete()
    today = timezone.now().astimezone(ZoneInfo("Europe/Berlin")).date()
    yesterday = today - dt.timedelta(days=1)
    at(world.own, f"{yesterday}T00:05", f"{yesterday}T23:55")
    assert count_arrivals(workshop=world.own) == [
        Bucket(yesterday, yesterday, 2),
        Bucket(today, today, 0),
    ]


def test_more_than_six_weeks_are_shown_by_weeks(world: World) -> None:
    Registration.objects.all().delete()
    at(world.own, "2020-06-17T12:00")
    buckets = count_arrivals(workshop=world.own)
    assert buckets[0] == Bucket(dt.date(2020, 6, 15), dt.date(2020, 6, 21), 1)
    assert {bucket.first.weekday() for bucket in buckets} == {0}
    assert sum(bucket.count for bucket in buckets) == 1


def test_without_registrations_there_is_no_chart(world: World, sign_in: Any) -> None:
    Registration.objects.all().delete()
    assert chart_of(world.own, count_arrivals(workshop=world.own)) is None
    assert (
        "Nobody has registered yet." in sign_in(world.member, "en").get(figures(world.own)).content.decode()
    )


def test_the_highest_bar_fills_the_drawing_and_none_stands_out_of_it(world: World) -> None:
    day = dt.date(2020, 6, 15)
    chart = chart_of(world.own, [Bucket(day, day, 3), Bucket(day, day, 6), Bucket(day, day, 0)])
    assert chart is not None
    assert [(bar.y, bar.height) for bar in chart.bars] == [(100, 100), (0, 200), (200, 0)]
    assert all(bar.x >= 0 and bar.x + bar.width <= 1000 for bar in chart.bars)


def test_no_bar_is_narrower_than_nothing_where_figures_do_not_agree(world: World) -> None:
    workshop = Workshop(pk=world.own.pk, capacity_active=4, taken_active=1, taken_listener=0)
    registered = Registered(offered_active=2, waiting=1, offered=2, to_decide=0)
    line = line_of(workshop, registered, Invited(), 0, Reach())
    assert [(part.name, part.x, part.width) for part in line.bar] == [("offered", 0, 400), ("free", 400, 600)]


def test_who_goes_without_interpreting_comes_first() -> None:
    workshop = Workshop(interpreted_languages=["de", "tr"])
    found = needs_interpreting(workshop=workshop, by_language=[("tr", 9), ("", 7), ("de", 3), ("en", 2)])
    assert found == [
        Listening("en", 2, False),
        Listening("tr", 9, True),
        Listening("de", 3, True),
        Listening("", 7, None),
    ]


def test_the_days_of_the_chart_are_told_on_both_clocks_in_a_table(world: World, sign_in: Any) -> None:
    html = sign_in(world.member, "en").get(figures(world.own)).content.decode()
    assert BOTH_CLOCKS.search(html.partition("<details>")[2].partition("</details>")[0])
    assert " style=" not in html
