"""Lists as spreadsheets: the rows that were chosen, on both clocks, and nothing in them that a program would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from auditlog.models import LogEntry
from django.core.signals import request_finished
from django.db import close_old_connections
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from conference.spreadsheet import csv_lines, defused, xlsx_file
from registration.models import Participant, Registration
from tests.world import World, register

REGISTRATIONS = reverse("admin:registration_registration_changelist")
PEOPLE = reverse("admin:registration_participant_changelist")
CREATED = dt.datetime(2020, 6, 14, 22, 30, tzinfo=dt.UTC)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠A1", " =1", "\u200b=1")


def chosen(rows: list[Any], kind: str, **more: Any) -> dict[str, Any]:
    return {"action": f"export_{kind}", "_selected_action": [row.pk for row in rows], **more}


def lines(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=";"))


def cells(answer: Any) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    # As the test client does it: the end of a request would also end the test's own connection.
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def cem(world: World, **values: Any) -> Registration:
    row = register(world.own, status="confirmed")
    person = {"first_name": "Cem", "last_name": "Öz", "email": "cem@example.org", "city": "İzmir", **values}
    Participant.objects.filter(pk=row.participant_id).update(**person)
    Registration.objects.filter(pk=row.pk).update(created_at=CREATED, decided_at=None)
    return row


def test_a_csv_holds_the_chosen_rows_with_both_clocks(world: World, sign_in: Any) -> None:
    answer = sign_in(world.member, "en").post(REGISTRATIONS, chosen([cem(world)], "csv"))
    assert (answer["Content-Type"], answer["Content-Disposition"].split("-")[0]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="registrations',
    )
    heading, row = lines(answer)
    assert dict(zip(heading, row, strict=True)) == {
        "Workshop": str(world.own),
        "Role": "active",
        "Status": "confirmed",
        "Listens meanwhile": "",
        "Number on the waiting list": row[4],
        "First name": "Cem",
        "Last name": "Öz",
        "Organisation": "Bursa",
        "Position": "",
        "City": "İzmir",
        "Country": "Türkiye",
        "E-mail address": "cem@example.org",
        "Language": "Türkçe",
        "Registered (CET)": "2020-06-15 00:30",
        "Registered (TRT)": "2020-06-15 01:30",
        "Decided (CET)": "",
        "Decided (TRT)": "",
        "Place offered until (CET)": "",
        "Place offered until (TRT)": "",
    }


@pytest.mark.parametrize(
    ("language", "first"), [("de", "Fachworkshop"), ("tr", "Çalıştay"), ("en", "Workshop")]
)
def test_the_headings_are_in_the_readers_language(
    world: World, sign_in: Any, language: str, first: str
) -> None:
    heading = lines(sign_in(world.member, language).post(REGISTRATIONS, chosen([cem(world)], "csv")))[0]
    assert heading[0] == first


def test_an_xlsx_holds_times_as_times_and_text_as_text(world: World, sign_in: Any) -> None:
    row = cem(world, first_name='=HYPERLINK("https://evil.example")', last_name="#N/A")
    heading, values = cells(sign_in(world.member, "en").post(REGISTRATIONS, chosen([row], "xlsx")))
    found = dict(zip(heading, values, strict=True))
    assert (found["First name"], found["Last name"]) == ('=HYPERLINK("https://evil.example")', "#N/A")
    assert found["Registered (TRT)"] == dt.datetime(2020, 6, 15, 1, 30)  # noqa: DTZ001


def test_people_are_exported_from_their_own_list(world: World, sign_in: Any) -> None:
    person = cem(world).participant
    heading, row = lines(sign_in(world.member, "en").post(PEOPLE, chosen([person], "csv")))
    assert dict(zip(heading, row, strict=True))["E-mail address"] == "cem@example.org"
    assert [name for name in heading if "Known since" in name] == ["Known since (CET)", "Known since (TRT)"]


def test_everything_the_filters_let_through_is_exported_and_nobody_elses(world: World, sign_in: Any) -> None:
    mine = cem(world)
    register(world.own)
    register(world.other, status="confirmed")
    url = f"{REGISTRATIONS}?status__exact=confirmed"
    answer = sign_in(world.member, "en").post(url, chosen([mine], "csv", select_across="1"))
    assert [row[11] for row in lines(answer)[1:]] == ["cem@example.org"]


def test_others_rows_are_not_exported(world: World, sign_in: Any) -> None:
    answer = sign_in(world.member).post(REGISTRATIONS, chosen([register(world.other)], "csv"))
    assert len(lines(answer)) == 1
    assert LogEntry.objects.filter(action=LogEntry.Action.ACCESS).count() == 0


def test_a_link_exports_nothing(world: World, sign_in: Any) -> None:
    answer = sign_in(world.member).get(REGISTRATIONS, chosen([cem(world)], "csv"))
    assert "text/html" in answer.get("Content-Type", "text/html")


def test_who_exported_how_many_of_which_workshop_is_recorded(world: World, sign_in: Any) -> None:
    rows = [cem(world), register(world.own), register(world.other)]
    assert len(cells(sign_in(world.lead).post(REGISTRATIONS, chosen(rows, "xlsx")))) == 4
    entries = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).order_by("object_id")
    assert [(entry.actor, entry.object_id, entry.additional_data) for entry in entries] == [
        (
            world.lead,
            workshop.pk,
            {
                "conference": world.conference.pk,
                "workshop": workshop.pk,
                "export": {"model": "registration.Registration", "format": "xlsx", "rows": number},
            },
        )
        for workshop, number in ((world.own, 2), (world.other, 1))
    ]
    page = sign_in(world.member, "en").get(reverse("admin:accounts_auditentry_changelist"), {"done": "3"})
    assert page.content.decode().count("2 × registrations (XLSX)") == 1
    assert "1 × registrations" not in page.content.decode()


def test_a_list_costs_the_same_number_of_queries_however_long(
    world: World, sign_in: Any, django_assert_max_num_queries: Any
) -> None:
    rows = [cem(world)] + [register(world.own) for _ in range(5)]
    client = sign_in(world.member)
    with django_assert_max_num_queries(25):
        assert len(lines(client.post(REGISTRATIONS, chosen(rows, "csv")))) == 7


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_made_text(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ada", "a=b", "A-1", "İzmir", "3", "'=1"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert defused(text) == text


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.builds(
    "{}{}".format, st.sampled_from(FORMULAS), st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
)


@settings(deadline=None)
@given(st.lists(ANY_TEXT, min_size=2, max_size=2))
def test_no_cell_of_a_csv_begins_what_a_spreadsheet_would_run(row: list[str]) -> None:
    text = "".join(csv_lines(["a", "b"], [row]))[1:]
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [len(line) for line in read] == [2, 2]
    for cell in read[1]:
        assert cell.lstrip()[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}
        assert cell[:1] not in {"\t", "\r", "\n"}


def test_dates_and_headings_fit_their_columns() -> None:
    with xlsx_file(["a", "a heading that is longer than most"], [[CREATED.replace(tzinfo=None), ""]]) as file:
        sheet = openpyxl.load_workbook(file).active
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [18, 36]


@settings(deadline=None)
@given(st.lists(ANY_TEXT, min_size=2, max_size=2))
def test_no_cell_of_an_xlsx_is_a_formula_an_error_or_a_link(row: list[str]) -> None:
    with xlsx_file(["a", "b"], [row]) as file:
        sheet = openpyxl.load_workbook(file).active
        found = [cell for line in sheet.iter_rows() for cell in line]
        assert {cell.data_type for cell in found} <= {"s", "n", "inlineStr"}
        assert {cell.value for cell in found if cell.data_type == "n"} <= {None}
        assert {cell.hyperlink for cell in found} == {None}
