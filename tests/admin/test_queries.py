"""Every list costs the same number of queries for one row and for three, and so does the start page."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registration.domain.outbox.owe import owe_message
from tests import factories
from tests.world import World, fill
from workshops.domain.release import release_programme

LISTS = sorted(
    f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry
)


def three_of_everything(world: World) -> None:
    for number in (3, 4):
        workshop = factories.make_workshop(world.conference, number=number)
        fill(workshop)
        factories.make_organiser(workshop)
        factories.make_platform(world.conference)
        factories.make_draft_import(world.conference)
        factories.make_privacy_version(world.conference, number=number)
        factories.make_conference(is_current=False)
        release_programme(conference=world.conference)
        with transaction.atomic():
            owe_message(kind="barrier_report", recipient="hosts@example.org")


def queries(client: Any, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["admin:index", *LISTS])
def test_a_list_costs_the_same_number_of_queries_for_more_rows(world: World, sign_in: Any, name: str) -> None:
    client = sign_in(world.boss)
    queries(client, reverse(name))
    few = queries(client, reverse(name))
    three_of_everything(world)
    # The start page keeps what it found out about the programme, until that changes.
    queries(client, reverse(name))
    assert queries(client, reverse(name)) == few
