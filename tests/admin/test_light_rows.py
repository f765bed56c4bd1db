"""A list reads no long text of what stands beside its rows: it shows none, and each row would bring them anew."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import JSONField, TextField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registration.models import Registration
from tests.world import World
from workshops.admin.light_rows import without_long_texts_of_others
from workshops.models import Conference, Workshop


def long_texts(model: Any) -> set[str]:
    return {
        field.attname for field in model._meta.concrete_fields if isinstance(field, TextField | JSONField)
    }


def test_long_texts_of_joined_rows_are_left_and_can_still_be_read(world: World) -> None:
    Conference.objects.update(imprint_de="Wer das macht")
    rows = Registration.objects.select_related("workshop__conference")
    row = without_long_texts_of_others(rows)[:1].get()

    assert row.get_deferred_fields() == set()
    assert row.workshop.get_deferred_fields() == long_texts(Workshop)
    assert row.workshop.conference.get_deferred_fields() == long_texts(Conference)
    assert row.workshop.conference.imprint_de == "Wer das macht"


def test_rows_that_stand_alone_are_read_as_they_are(world: World) -> None:
    rows = Registration.objects.order_by("pk")
    assert without_long_texts_of_others(rows) is rows


def test_a_list_of_several_pages_reads_no_imprint(
    world: World, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin.site._registry[Registration], "list_per_page", 1)
    client = sign_in(world.boss)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("admin:registration_registration_changelist"))
    assert (page.status_code, page.context["cl"].multi_page) == (200, True)
    shown = [each["sql"] for each in captured if '"workshops_conference"."name_de"' in each["sql"]]
    assert [sql for sql in shown if "imprint" in sql] == []
    assert shown != []
