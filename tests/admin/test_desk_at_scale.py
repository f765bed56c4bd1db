"""However many people there are: no list of the desk takes more than twelve queries, and none reads more than a page.

How long each takes with 100,000 registrations: `make bench`.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registration.models import Registration
from tests.world import World, register

LISTS = sorted(f"{m._meta.app_label}_{m._meta.model_name}_changelist" for m in admin.site._registry)
MOST = 12


@pytest.mark.parametrize("who", ["boss", "lead", "member"])
def test_no_list_takes_more_than_twelve_queries(world: World, sign_in: Any, who: str) -> None:
    client = sign_in(getattr(world, who))
    pages = [reverse(f"admin:{name}") for name in ("index", "registration_registration_deciding", *LISTS)]
    too_many = {}
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            client.get(page)
        if len(captured) > MOST:
            too_many[page] = len(captured)
    assert too_many == {}


def test_of_a_long_list_only_the_keys_are_sorted(
    world: World, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [register(world.own, status="confirmed") for _each in range(3)]
    rows = admin.site.get_model_admin(Registration)
    monkeypatch.setattr(type(rows), "list_per_page", 2)
    client, address = sign_in(world.boss), reverse("admin:registration_registration_changelist")
    pages = [client.get(address, {"p": str(page), "o": "1"}).context["cl"] for page in (1, 2, 3)]
    shown = [row.pk for page in pages for row in page.result_list]
    assert len(shown) == len(set(shown)) == Registration.objects.count() == 5
    assert set(shown) >= {row.pk for row in people}
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    [page] = [query["sql"] for query in captured if "LIMIT 2)" in query["sql"]]
    # What the rows are joined with stands outside of what is sorted as a whole.
    sorted_whole = page.rpartition(" IN (SELECT ")[2]
    assert ("participant" in page, '"registration_participant"."email"' in sorted_whole) == (True, False)
