from __future__ import annotations

import datetime as dt

from tests.drafts.layouts import csv_of, xlsx_of
from tests.drafts.outline import outline
from workshops.domain.draft.files.open import read_file
from workshops.domain.draft.read import read_draft

_SPEAKER, _CITY = "Ayşe Yıldız", "Stadt Köln"
_HEAD = [
    "Workshop",
    "Datum",
    "Beginn (CET)",
    "Ende (CET)",
    "Programmpunkt",
    "Redner/in",
    "Organisation",
    "Raum",
    "Plattform",
]
_FLAT = """\
Herbsttagung | 2026-12-15 - 2026-12-16 | de | interpreted: -

workshop 1: Digitale Stadt
  on Kudo | places: None | interpreted: -
  2026-12-15 09:30-10:15 / -
    * 09:30-09:45 / - 15 min Begrüßung
      speaker Ayşe Yıldız | - | Stadt Köln
    * 09:45-10:15 / - 30 min Diskussion | everybody
      : Raum: A 1

workshop 2: Wasser
  on Zoom | places: None | interpreted: -
  2026-12-15 13:00-14:00 / -
    * 13:00-14:00 / - 60 min Vortrag
      speaker N.N. | - | Stadt Bonn (tbc)
  2026-12-16 13:00-14:00 / -
    * 13:00-14:00 / - 60 min Aussprache
      speaker Max Groß | - | Stadt Bonn
      speaker Eva Lang | - | Stadt Ulm

"""


def test_one_sheet_with_a_row_for_each_session() -> None:
    day, next_day = dt.date(2026, 12, 15), dt.date(2026, 12, 16)
    rows = [
        ["Herbsttagung"],
        _HEAD,
        ["Digitale Stadt (1)", day, dt.time(9, 30), dt.time(9, 45), "Begrüßung", _SPEAKER, _CITY, "", "Kudo"],
        ["Digitale Stadt (1)", day, dt.time(9, 45), dt.time(10, 15), "Diskussion", "alle", None, "A 1"],
        ["Fachworkshop 2: Wasser", day, "13:00", "14.00 Uhr", "Vortrag", "N.N.", "Stadt Bonn", None, "Zoom"],
        ["2", next_day, "13:00", "14:00", "Aussprache", "Max Groß; Eva Lang", "Stadt Bonn\nStadt Ulm"],
    ]  # fmt: skip
    data = xlsx_of({"Programm": rows})
    assert outline(read_draft(read_file(name="tagung.xlsx", data=data))) == _FLAT


def test_a_sheet_for_each_workshop() -> None:
    head = ["Saat (TSİ)", "Saat (CET)", "Gündem", "Süre"]
    data = xlsx_of(
        {
            "1. Çalıştay": [["İklim"], ["15 Aralık 2026"], head, [dt.time(12), dt.time(10), "Açılış", 15]],
            "2. Çalıştay": [["Su"], ["16 Aralık 2026"], head, ["12.00", "10.00", "Çay arası", "0:20"]],
        }
    )
    assert outline(read_draft(read_file(name="plan.xlsx", data=data))) == (
        " | 2026-12-15 - 2026-12-16 | tr | interpreted: -\n\n"
        "workshop 1: İklim\n  on  | places: None | interpreted: -\n"
        "  2026-12-15 10:00-10:15 / 12:00-12:15\n    * 10:00 / 12:00 15 min Açılış\n\n"
        "workshop 2: Su\n  on  | places: None | interpreted: -\n"
        "  2026-12-16 10:00-10:20 / 12:00-12:20\n    * 10:00 / 12:00 20 min Çay arası\n\n"
    )


def test_bare_times_are_on_the_clock_on_which_the_day_opens_at_them() -> None:
    text = (
        "Tagung 2026\n\nWorkshop 1: Wasser\n\n15. Dezember 2026, 10:00-11:00 (CET) / 12:00-13:00 (TRT)\n\n"
        "Zeit\tProgrammpunkt\n12:00\tBegrüßung\n12:30\tAussprache\n"
    )
    draft = read_draft(read_file(name="plan.txt", data=text.encode()))
    assert outline(draft).splitlines()[-3:-1] == ["    * - / 12:00 Begrüßung", "    * - / 12:30 Aussprache"]


def test_a_heading_between_the_rows_of_a_table_keeps_its_columns() -> None:
    rows = [
        ["Tagung, 15.-16. Juni 2026"],
        ["Workshop 1: Wasser"],
        ["Zeit", "Thema", "Moderation"],
        ["Montag, 15. Juni 2026"],
        ["9:00", "Ankommen", "Ayşe Yıldız, Stadt Köln"],
        ["Kaffeepause"],
        ["Dienstag, 16.06."],
        ["9:30 Uhr", "Abreise", ""],
    ]
    draft = read_draft(read_file(name="plan.csv", data=csv_of(rows)))
    assert outline(draft) == (
        "Tagung | 2026-06-15 - 2026-06-16 | de | interpreted: -\n\n"
        "workshop 1: Wasser\n  on  | places: None | interpreted: -\n"
        "  2026-06-15 09:00 / -\n    * 09:00 / - Ankommen\n      moderator Ayşe Yıldız | - | Stadt Köln\n"
        "  2026-06-16 09:30 / -\n    * 09:30 / - Abreise\n\n"
        "unread: Kaffeepause\n"
    )
