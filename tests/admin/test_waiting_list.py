"""Organisers see for whom a place is held, and move somebody up with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from registration.models import Message, Registration
from tests import factories
from tests.world import World, register
from workshops.models import Workshop

pytestmark = pytest.mark.django_db

LIST = reverse("admin:registration_registration_changelist")
UNTIL = dt.datetime(2100, 6, 15, 10, tzinfo=dt.UTC)
BOTH_CLOCKS = "15 June 2100, 12:00\N{NO-BREAK SPACE}CET / 13:00\N{NO-BREAK SPACE}TRT"


def waiting(workshop: Workshop, number: int) -> list[Registration]:
    since = timezone.now() - dt.timedelta(days=1)
    return [
        register(workshop, status="waitlisted", waiting_since=since + dt.timedelta(minutes=place))
        for place in range(number)
    ]


def offer_to(registration: Registration) -> None:
    Registration.objects.filter(pk=registration.pk).update(offered_until=UNTIL)
    Workshop.objects.filter(pk=registration.workshop_id).update(taken_active=1)


def move_up_url(registration: Registration) -> str:
    return reverse("admin:registration_registration_move_up", args=[registration.pk])


def page_of(registration: Registration) -> str:
    return reverse("admin:registration_registration_change", args=[registration.pk])


def queue(workshop: Workshop) -> list[int]:
    rows = Registration.objects.filter(workshop=workshop, status="waitlisted", offered_until=None)
    return list(rows.order_by("waiting_since", "pk").values_list("pk", flat=True))


def test_the_list_shows_the_offer_on_both_clocks_and_numbers_those_behind(world: World, sign_in: Any) -> None:
    first, second, third = waiting(world.own, 3)
    offer_to(first)
    rows = sign_in(world.member, "en").get(LIST).context["cl"].result_list
    assert {row.pk: row.waiting_place for row in rows if row.status == "waitlisted"} == {
        first.pk: 0,
        second.pk: 1,
        third.pk: 2,
    }
    assert f"Place offered until {BOTH_CLOCKS}" in sign_in(world.member, "en").get(LIST).content.decode()


@pytest.mark.parametrize(("choice", "expected"), [("yes", [0]), ("no", [1]), ("nonsense", [0, 1])])
def test_the_list_can_be_narrowed_to_those_with_an_offer(
    world: World, sign_in: Any, choice: str, expected: list[int]
) -> None:
    rows = waiting(world.own, 2)
    offer_to(rows[0])
    found = sign_in(world.member).get(LIST, {"offered": choice, "status__exact": "waitlisted"}).context["cl"]
    assert [row.pk for row in found.result_list] == [rows[index].pk for index in expected]


def test_the_start_page_says_how_many_of_the_places_are_offered(world: World, sign_in: Any) -> None:
    rows = waiting(world.own, 2)
    offer_to(rows[0])
    client = sign_in(world.member, "en")
    line = client.get(reverse("admin:index")).context["overview"].workshops[0]
    assert (line.active.value, line.offered.value, line.waiting.value) == (1, 1, 2)
    assert [row.pk for row in client.get(line.offered.url).context["cl"].result_list] == [rows[0].pk]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("confirm", ("confirmed", "active", 1)),
        ("confirm_as_listener", ("confirmed", "listener", 0)),
        ("put_on_waiting_list", ("waitlisted", "active", 1)),
        ("decline", ("declined", "active", 0)),
        ("cancel", ("cancelled", "active", 0)),
    ],
)
def test_each_step_for_somebody_who_has_an_offer(
    world: World, sign_in: Any, step: str, expected: tuple[str, str, int]
) -> None:
    (row,) = waiting(world.own, 1)
    offer_to(row)
    url = reverse("admin:registration_registration_step", args=[step])
    sign_in(world.member).post(url, {"ids": row.pk, "sure": "yes"})
    row.refresh_from_db()
    assert (row.status, row.role, Workshop.objects.get(pk=world.own.pk).taken_active) == expected


def test_moving_up_from_the_registration_s_page(world: World, sign_in: Any) -> None:
    first, second, third = waiting(world.own, 3)
    client = sign_in(world.member, "en")
    assert f'action="{move_up_url(third)}"' in client.get(page_of(third)).content.decode()

    response = client.post(move_up_url(third), {"place": "2", "reason": "Speaks on the second day."})

    assert (response.status_code, response["Location"]) == (303, page_of(third))
    assert queue(world.own) == [first.pk, third.pk, second.pk]
    assert [message.registration_id for message in Message.objects.filter(kind="moved_up")] == [third.pk]
    entry = LogEntry.objects.get(object_id=third.pk, action=LogEntry.Action.UPDATE)
    assert (entry.actor, entry.additional_data["reason"]) == (world.member, "Speaks on the second day.")
    history = client.get(reverse("admin:registration_registration_history", args=[third.pk]))
    assert "Moved up on the waiting list from number 3 to number 2." in history.content.decode()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"place": "1", "reason": ""}, "reason"),
        ({"place": "1", "reason": "  "}, "reason"),
        ({"place": "1", "reason": "x" * 501}, "reason"),
        ({"place": "2", "reason": "Host city."}, "place"),
        ({"place": "0", "reason": "Host city."}, "place"),
        ({"place": "first", "reason": "Host city."}, "place"),
        ({"place": "9" * 30, "reason": "Host city."}, "place"),
    ],
)
def test_a_mistake_is_shown_at_its_field_and_nothing_typed_is_lost(
    world: World, sign_in: Any, data: dict[str, str], field: str
) -> None:
    first, second = waiting(world.own, 2)
    page = sign_in(world.member).post(move_up_url(second), data)
    assert page.status_code == 422
    form = page.context["move_up_form"]
    assert (list(form.errors), form["reason"].value(), form["place"].value()) == (
        [field],
        data["reason"],
        data["place"],
    )
    assert queue(world.own) == [first.pk, second.pk]


def test_who_cannot_be_moved_up_gets_no_form(world: World, sign_in: Any) -> None:
    first, second, third = waiting(world.own, 3)
    offer_to(first)
    confirmed = register(world.own, status="confirmed")
    client = sign_in(world.member)
    shown = [client.get(page_of(row)).context["move_up_form"] for row in (first, second, confirmed)]
    assert shown == [None, None, None]
    assert client.get(page_of(third)).context["move_up_form"].place_now == 2
    for row in (first, second, confirmed):
        assert client.post(move_up_url(row), {"place": "1", "reason": "Host city."}).status_code == 422
    assert queue(world.own) == [second.pk, third.pk]


def test_another_workshop_s_people_are_not_to_be_found(world: World, sign_in: Any) -> None:
    rows = waiting(world.other, 2)
    client = sign_in(world.member)
    for key in (rows[1].pk, 0, "nonsense"):
        url = move_up_url(rows[1]).replace(f"/{rows[1].pk}/", f"/{key}/")
        assert client.get(url).status_code == 404
        assert client.post(url, {"place": "1", "reason": "Host city."}).status_code == 404
    assert queue(world.other) == [row.pk for row in rows]


def test_looking_at_the_page_moves_nobody(world: World, sign_in: Any) -> None:
    rows = waiting(world.own, 2)
    page = sign_in(world.member).get(move_up_url(rows[1]), {"place": "1", "reason": "Host city."})
    assert (page.status_code, queue(world.own)) == (200, [row.pk for row in rows])


def test_an_organiser_chooses_how_free_places_are_given(world: World, sign_in: Any) -> None:
    page = sign_in(world.member).get(reverse("admin:workshops_workshop_change", args=[world.own.pk]))
    fields = page.context["adminform"].form.fields
    assert {"promotion", "offer_hours"} <= set(fields)
    assert factories.make_workshop(world.conference).promotion == "at_once"
