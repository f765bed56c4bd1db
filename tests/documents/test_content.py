"""What each document says, on paper and in a spreadsheet, in both languages."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from registration.models import Document, Registration
from tests import factories
from tests.documents.conftest import SUMMER, content, pdf, person, sheets, words
from tests.world import register
from workshops.models import Workshop, WorkshopDay

pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
pytestmark = pytest.mark.django_db
Made = Callable[..., Document]


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(SUMMER, dt.time(hour, minute))


def test_a_run_sheet_tells_the_day_minute_by_minute_on_both_clocks(made: Made) -> None:
    assert sheets(made("run_sheet", "xlsx", language="en")) == {
        "Programme": [
            (
                "Workshop",
                "Date",
                "CET",
                "TRT",
                "Minutes",
                "Programme item",
                "People and contact",
                "Technical notes",
            ),
            (
                "Digitale Stadt",
                at(0),
                at(9, 30),
                at(10, 30),
                15,
                "1  Begrüßung",
                "Jan Öztürk, Stadt Köln (Moderator)",
                None,
            ),
            (
                "Digitale Stadt",
                at(0),
                at(9, 45),
                at(10, 45),
                45,
                "2  Beiträge",
                "Jan Öztürk, Stadt Köln (Moderator)",
                None,
            ),
            (
                "Digitale Stadt",
                at(0),
                at(9, 45),
                at(10, 45),
                45,
                "2.1  Praxisbeispiel",
                "Şule Işık, Stadt Köln (Speaker): +90 212 000",
                "Film 2 min\n=Folien",
            ),
        ],
        "Interpreters’ shifts": [
            ("Workshop", "Date", "CET", "TRT", "Interprets", "Then takes over"),
            ("Digitale Stadt", at(0), at(9, 30), at(10, 30), "İpek Çağlar", "Jörg Weiß"),
            ("Digitale Stadt", at(0), at(10), at(11), "Jörg Weiß", "İpek Çağlar"),
            ("Digitale Stadt", at(0), at(10, 30), at(11, 30), "İpek Çağlar", "Jörg Weiß"),
            ("Digitale Stadt", at(0), at(11), at(12), "Jörg Weiß", "İpek Çağlar"),
        ],
    }


def test_without_names_the_interpreters_shifts_leave_room_to_write_them_in(made: Made) -> None:
    WorkshopDay.objects.update(interpreters="")
    [shifts] = [
        rows for rows in sheets(made("run_sheet", "xlsx", language="en")).values() if len(rows[0]) == 6
    ]
    assert [row[2:] for row in shifts[1:]] == [
        (at(9, 30), at(10, 30), None, None),
        (at(10), at(11), None, None),
        (at(10, 30), at(11, 30), None, None),
        (at(11), at(12), None, None),
    ]


@pytest.mark.parametrize(
    ("kind", "german", "turkish"),
    [
        ("run_sheet", "09:45 –10:30 10:45 –11:30 45 2.1 Praxisbeispiel", "2.1 Uygulama örneği Şule Işık"),
        ("participants", "1 Ağaoğlu İnci Bursa Bursa", "1 Ağaoğlu İnci Bursa Bursa"),
        ("sign_in", "1 İnci Ağaoğlu Bursa Bursa", "1 İnci Ağaoğlu Bursa Bursa"),
        ("briefing", "Wählen Sie Deutsch.", "Türkçeyi seçin."),
    ],
)
def test_in_both_languages_german_comes_first_and_the_page_is_tagged(
    made: Made, kind: str, german: str, turkish: str
) -> None:
    reader = pdf(content(made(kind, language="")))
    said = words(reader)
    assert 0 <= said.index(german) < said.rindex(turkish)
    assert (reader.root_object["/Lang"], bool(reader.root_object["/MarkInfo"]["/Marked"])) == ("de", True)
    assert f"{len(reader.pages)} / {len(reader.pages)}" in said
    assert "Dijital Şehir" in said


def test_the_partners_next_day_is_shown(made: Made, event: Workshop) -> None:
    event.days.update(opens=dt.time(23, 30), closes=dt.time(23, 59))
    said = words(pdf(content(made("run_sheet"))))
    assert "23:30 –23:45 00:30, +1 –00:45, +1" in said


def test_a_participant_list_names_who_takes_part_and_who_waits_by_name(made: Made, event: Workshop) -> None:
    waiting = person(event.conference, "Çiğdem", "Ağa", organisation="=cmd()", city="", language="de")
    register(event, participant=waiting, status="waitlisted", listens_meanwhile=True)
    register(event, participant=person(event.conference, "Weg", "Weg"), status="cancelled")
    registered = dt.datetime(2020, 5, 1, 22, 30, tzinfo=dt.UTC)
    Registration.objects.update(created_at=registered)

    document = made("participants", "xlsx", language="en")
    own, theirs = (dt.datetime.combine(dt.date(2020, 5, 2), dt.time(hour, 30)) for hour in (0, 1))

    assert sheets(document) == {
        "Participants": [
            (
                "Workshop",
                "No.",
                "Last name",
                "First name",
                "Organisation",
                "City",
                "Country",
                "Language",
                "Role",
                "State",
                "Registered (CET)",
                "Registered (TRT)",
            ),
            (
                "Digitale Stadt",
                1,
                "Ağa",
                "Çiğdem",
                "=cmd()",
                None,
                "Türkiye",
                "Deutsch",
                "Active",
                "Waiting list (listens meanwhile)",
                own,
                theirs,
            ),
            *(
                (
                    "Digitale Stadt",
                    number,
                    last,
                    first,
                    "Bursa",
                    "Bursa",
                    "Türkiye",
                    "Türkçe",
                    role,
                    "Confirmed",
                    own,
                    theirs,
                )
                for number, last, first, role in (
                    (2, "Ağaoğlu", "İnci", "Active"),
                    (3, "Zöller", "Änne", "Listening"),
                )
            ),
        ]
    }
    assert document.total == 3


def test_a_spreadsheet_runs_no_formula_keeps_its_heading_in_view_and_is_whole(
    made: Made, event: Workshop
) -> None:
    register(event, participant=person(event.conference, "=1+1", '=HYPERLINK("http://x")'))
    data = content(made("participants", "xlsx"))
    book = load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.rows for cell in row]
    assert [sheet.freeze_panes for sheet in book] == ["A2"]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "n", "d"}
    assert all(cell.quotePrefix for cell in cells if cell.data_type == "s")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert b"<f>" not in b"".join(archive.read(name) for name in archive.namelist())


def test_only_those_who_are_let_in_stand_on_the_list_to_sign(made: Made, event: Workshop) -> None:
    register(event, participant=person(event.conference, "Wartet", "Noch"), status="requested")
    rows = sheets(made("sign_in", "xlsx", language="tr", day=event.days.get()))
    assert [row[3] for rows in rows.values() for row in rows[1:]] == ["İnci Ağaoğlu", "Änne Zöller"]


def test_a_briefing_tells_each_speaker_when_what_with_whom_and_how_to_join(
    made: Made, event: Workshop
) -> None:
    factories.make_access(event.days.get(), url="https://kudo.example/canary-room")
    said = words(pdf(content(made("briefing", language="en"))))
    row = "Monday, 15 June 2020 09:45 –10:30 10:45 –11:30 Praxisbeispiel Digitale Stadt"
    assert row in said
    assert "Jan Öztürk, Stadt Köln (Moderator)" in said
    assert "German ↔ Turkish" in said
    assert said.index("Şule Işık") < said.index("Jan Öztürk, Stadt Köln (Moderator)")
    assert "canary" not in said


def test_all_workshops_at_once_follow_one_another_in_time(made: Made, event: Workshop) -> None:
    lead = factories.make_organiser(conference=event.conference)
    early = factories.make_workshop(
        event.conference, with_day=False, title_de="Früher", title_en="", interpreted_languages=[]
    )
    factories.make_day(early, date=SUMMER - dt.timedelta(days=1))
    factories.make_session(early.days.get())
    [programme] = [
        rows
        for rows in sheets(made("run_sheet", "xlsx", workshop=None, by=lead)).values()
        if len(rows[0]) == 8
    ]
    assert [row[0] for row in programme[1:]] == ["Früher", *["Digitale Stadt"] * 3]


def test_an_empty_day_makes_a_document_that_says_so(made: Made, conference: Any, event: Workshop) -> None:
    lead = factories.make_organiser(conference=event.conference)
    empty = factories.make_workshop(event.conference, with_day=False, title_de="Leer", title_en="")
    factories.make_day(empty, opens=None, closes=None)
    for kind in ("run_sheet", "sign_in", "participants", "briefing"):
        document = made(kind, workshop=empty, by=lead, language="en")
        assert "Leer" in words(pdf(content(document))) or kind == "briefing"
        made(kind, "xlsx", workshop=empty, by=lead)


def test_a_long_table_repeats_its_heading_and_keeps_its_rows_whole(made: Made, event: Workshop) -> None:
    for number in range(36):
        long = person(event.conference, "Ayşe", f"Yılmaz {number:02}", organisation="Büyükşehir " * 8)
        register(event, participant=long, status="confirmed")
    pages = [
        " ".join(page.extract_text().split()) for page in pdf(content(made("sign_in", language="en"))).pages
    ]
    assert len(pages) > 1
    assert [page.count("Signature") for page in pages] == [1] * len(pages)
    assert sum(page.count("Büyükşehir") for page in pages) == 36 * 8
    assert all(page.count("Büyükşehir") % 8 == 0 for page in pages)
