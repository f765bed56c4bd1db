"""Lists of more than one page: whose rows they show, in which order, and how many there are said to be."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from registration.domain.invite import invite
from registration.models import Message, Participant, Registration
from tests.world import World, register

LISTS = {
    Participant: reverse("admin:registration_participant_changelist"),
    Registration: reverse("admin:registration_registration_changelist"),
    Message: reverse("admin:registration_message_changelist"),
}
DECIDING = reverse("admin:registration_registration_deciding")


@pytest.fixture
def long_lists(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Two rows to a page, and seven people more registered for each workshop, and seven invited."""
    for model in LISTS:
        monkeypatch.setattr(type(admin.site.get_model_admin(model)), "list_per_page", 2, raising=False)
    monkeypatch.setattr("registration.admin.deciding.DecidingAdmin.list_per_page", 2)
    for workshop in (world.own, world.other):
        for number in range(7):
            register(workshop)
            with transaction.atomic():
                invite(
                    conference=world.conference,
                    email=f"{number}@{workshop.slug}.example.org",
                    workshops=[workshop],
                )
    return world


def pages(client: Any, url: str, **query: str) -> tuple[list[Any], int]:
    """The keys of all rows in the order shown, page after page; and how many there are said to be."""
    found: list[Any] = []
    while True:
        number = len(found) // 2 + 1
        shown = client.get(url, {**query, **({"p": str(number)} if number > 1 else {})}).context["cl"]
        found += [row.pk for row in shown.result_list]
        if len(found) >= shown.result_count:
            return found, shown.result_count


@pytest.mark.parametrize("model", LISTS)
def test_every_page_shows_ones_own_rows_only_in_the_order_of_the_whole(
    long_lists: World, sign_in: Any, model: Any
) -> None:
    client = sign_in(long_lists.member)
    whole = [row.pk for row in client.get(LISTS[model], {"all": ""}).context["cl"].result_list]
    assert len(whole) > 6
    assert whole != [
        row.pk for row in sign_in(long_lists.boss).get(LISTS[model], {"all": ""}).context["cl"].result_list
    ]

    assert pages(client, LISTS[model]) == (whole, len(whole))


def test_a_list_that_was_counted_by_its_countries_is_counted_anew_where_something_is_chosen(
    long_lists: World, sign_in: Any
) -> None:
    client = sign_in(long_lists.member)
    Participant.objects.filter(registrations__workshop=long_lists.own).update(country="DE")
    turkish = Registration.objects.filter(workshop=long_lists.own)[:3]
    Participant.objects.filter(registrations__in=[row.pk for row in turkish]).update(country="TR")

    people, count = pages(client, LISTS[Participant])
    assert count == len(people) == len(set(people))
    chosen, count = pages(client, LISTS[Participant], country="TR")
    assert (len(chosen), count) == (3, 3)


def test_who_waits_is_counted_with_and_without_a_choice(long_lists: World, sign_in: Any) -> None:
    client = sign_in(long_lists.member)
    waiting = set(
        Registration.objects.filter(workshop=long_lists.own, status="requested").values_list("pk", flat=True)
    )

    found, count = pages(client, DECIDING)
    assert (set(found), count) == (waiting, len(waiting))
    assert pages(client, DECIDING, role__exact="listener") == ([], 0)
