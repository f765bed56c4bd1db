from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshops.domain.draft.dates import find_dates
from workshops.domain.draft.headings import section_named, split_names, workshop_heading
from workshops.domain.draft.people import read_people
from workshops.domain.draft.tidy import tidy
from workshops.domain.draft.times import Span, Times, find_minutes, find_times, minutes_of_cell
from workshops.domain.draft.values import Line
from workshops.domain.draft.words import flat, fold

JUNE = [dt.date(2020, 6, day) for day in range(1, 31)]
MORNING = Span(dt.time(9, 30), dt.time(11, 30))
LATER = Span(dt.time(10, 30), dt.time(12, 30))


@pytest.mark.parametrize(
    ("text", "days", "is_range"),
    [
        ("15.-18. JUNI 2020", (15, 18), True),
        ("15–18 Haziran 2020", (15, 18), True),
        ("June 15 – 18, 2020", (15, 18), True),
        ("Mo, 15. Juni bis Do, 18. Juni 2020", (15, 18), True),
        ("15.06.-18.06.2020", (15, 18), True),
        ("3./10. Juni", (3, 10), False),
        ("3 ve 10 Haziran", (3, 10), False),
        ("3 and 10 June", (3, 10), False),
        ("15 Haziran 2020 Pazartesi", (15,), False),
        ("Monday, June 15, 2020", (15,), False),
        ("2020-06-15", (15,), False),
        ("15.6.20", (15,), False),
        ("am 15.06. um 9.30 Uhr", (15,), False),
    ],
)
def test_dates(text: str, days: tuple[int, ...], is_range: bool) -> None:
    found = find_dates(text, year=2020)
    assert found is not None
    assert (found.dates, found.is_range) == (tuple(JUNE[day - 1] for day in days), is_range)


@pytest.mark.parametrize("text", ["31. Juni 2020", "09:30-11:30", "Raum 15", "30 Personen im Saal", ""])
def test_no_dates(text: str) -> None:
    assert find_dates(text, year=2020) is None


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("09:30 - 11:30 (CET) / 10:30 - 12:30 (TRT)", Times(MORNING, LATER)),
        ("09:30 - 11:30 (CET) / 10:30 12:30 (TRT)", Times(MORNING, LATER)),
        ("saat 10.30–12.30 (TSİ) / 9.30–11.30 (Almanya saati)", Times(MORNING, LATER)),
        ("9.30 Uhr bis 11.30 Uhr deutscher Zeit", Times(MORNING)),
        ("9:30 am – 11:30 a.m. (CET), 10:30 am to 12:30 pm (TRT)", Times(MORNING, LATER)),
        ("10:30-12:30 TRT", Times(None, LATER)),
        ("9 Uhr", Times(Span(dt.time(9)))),
        ("12 noon / 1 pm", Times(Span(dt.time(12)), Span(dt.time(13)))),
        ("23:00-24:00 (CET)", Times(Span(dt.time(23), dt.time()))),
        ("Kapitel 3.2.1, Raum 25:99", Times()),
    ],
)
def test_times(text: str, times: Times) -> None:
    assert find_times(text) == times


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("15 Min.", 15),
        ("15 dk.", 15),
        ("10 Minuten", 10),
        ("1 Std. 30 Min.", 90),
        ("1,5 Stunden", 90),
        ("1 saat 15 dakika", 75),
        ("45'", 45),
        ("2 hours", 120),
        ("15 Personen", None),
    ],
)
def test_durations(text: str, minutes: int | None) -> None:
    assert find_minutes(text) == minutes


def test_a_bare_number_is_a_duration_in_its_column_only() -> None:
    assert [(find_minutes(text), minutes_of_cell(text)) for text in ("15", "0:20", "1:05:00")] == [
        (None, 15),
        (None, 20),
        (None, 65),
    ]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Harun Yiğit, Stadt Konya", ["speaker Harun Yiğit||Stadt Konya|confirmed"]),
        ("N.N., Stadt Antalya (tbc)", ["speaker None||Stadt Antalya|tbc"]),
        ("Plattform-Dienstleister", ["speaker None||Plattform-Dienstleister|confirmed"]),
        (
            "Tim Gerstenberger und Rainer Konerding, Stadt\nHannover\nDaniel Kulus, Stadt Hamburg",
            [
                "speaker Tim Gerstenberger||Stadt Hannover|confirmed",
                "speaker Rainer Konerding||Stadt Hannover|confirmed",
                "speaker Daniel Kulus||Stadt Hamburg|confirmed",
            ],
        ),
        ("Can Demir; Eva Lang (angefragt)", ["speaker Can Demir|||confirmed", "speaker Eva Lang|||tbc"]),
        (
            "Ayşe Işık, Daire Başkanı, Bursa Büyükşehir Belediyesi (kesinleşmedi)",
            ["speaker Ayşe Işık|Daire Başkanı|Bursa Büyükşehir Belediyesi|tbc"],
        ),
        (
            "Moderatör: Ümit Öztürk, Boğaziçi Üniversitesi",
            ["moderator Ümit Öztürk||Boğaziçi Üniversitesi|confirmed"],
        ),
        ("Bülent Arslan, IMAP (Moderation)", ["moderator Bülent Arslan||IMAP|confirmed"]),
        (
            "Sabine Drees, Deutscher Städtetag Grußwort",
            ["greeting Sabine Drees||Deutscher Städtetag|confirmed"],
        ),
        ("Hilmar von der\nHeide, Stadt Bonn", ["speaker Hilmar von der Heide||Stadt Bonn|confirmed"]),
        ("alle", []),
    ],
)
def test_people(cell: str, people: list[str]) -> None:
    assert [
        f"{who.role} {who.name}|{who.position}|{who.organisation}|{who.status}"
        for who in read_people(cell.split("\n"))
    ] == people


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Fachworkshop 1: Digitale Stadt", ("workshop", 1, "Digitale Stadt")),
        ("Fachworkshop 3:", ("workshop", 3, "")),
        ("ÇALIŞTAY 2 – Suyun Geleceği", ("workshop", 2, "Suyun Geleceği")),
        ("2. Çalıştay: Su", ("workshop", 2, "Su")),
        ("Workshop 12", ("workshop", 12, "")),
        ("Informationsveranstaltung", ("information_event", None, "Informationsveranstaltung")),
        ("Oberbürgermeister/innen-Roundtable", ("roundtable", None, "Oberbürgermeister/innen-Roundtable")),
        ("Fachworkshop", None),
        ("Die Workshops 1 und 2 finden online statt.", None),
    ],
)
def test_headings_of_workshops(text: str, heading: tuple[str, int | None, str] | None) -> None:
    found = workshop_heading(text)
    assert (found and (found.kind, found.number, found.title)) == heading


def test_headings_of_sections() -> None:
    headings = [
        "HINTERGRUND",
        "Ziele des Fachworkshops",
        "Amaç",
        "Akış",
        "Objectives of the workshop",
        "Nachwort",
    ]
    assert [section_named(text) for text in headings] == [
        "background",
        "goals",
        "goals",
        "format",
        "goals",
        None,
    ]


def test_hosts_joined_by_and() -> None:
    assert split_names("Stadt Köln und Stadt Bonn; Ministerium für Zusammenarbeit und Entwicklung") == [
        "Stadt Köln",
        "Stadt Bonn",
        "Ministerium für Zusammenarbeit und Entwicklung",
    ]


@given(st.text())
def test_flat_text_keeps_every_letter_in_its_place(text: str) -> None:
    assert len(flat(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_turkish_and_german_letters_are_folded_alike() -> None:
    assert fold("İSTANBUL  Işık ığdır STRASSE Straße") == "istanbul isik igdir strasse strase"


def test_what_turns_the_line_round_is_no_part_of_a_name() -> None:
    [line] = tidy([Line(1, ("Dr. \u202aMüge\u202c \u2067Ğ\u2069",))]).lines
    assert line.text == "Dr. Müge Ğ"
