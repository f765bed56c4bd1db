"""What people paste and upload is read as they meant it; what cannot be read is said, row by row."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from registration.domain.invitation_lists.decode import decode
from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.invitation_lists.read_file import LARGEST, read_file
from registration.domain.invitation_lists.read_pasted import read_pasted
from registration.domain.invitation_lists.values import (
    MOST_ROWS,
    NO_ADDRESS,
    NOT_AN_ADDRESS,
    UNKNOWN_LANGUAGE,
    Given,
    GivenRow,
)

NAMES = "Jürgen Größe; Işıl Çağdaş; İbrahim Şahin-Öz; Müge Ğ"


def csv_file(text: str, encoding: str = "utf-8") -> Given:
    return read_file(name="list.csv", file=io.BytesIO(text.encode(encoding)))


def workbook(*sheets: list[list[Any]], hidden: int | None = None) -> bytes:
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Blatt {number + 1}")
        sheet.sheet_state = "hidden" if number == hidden else "visible"
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def xlsx(*sheets: list[list[Any]], hidden: int | None = None) -> Given:
    return read_file(name="list.xlsx", file=io.BytesIO(workbook(*sheets, hidden=hidden)))


def values(row: GivenRow) -> tuple[str, ...]:
    return row.email, row.first_name, row.last_name, row.organisation, row.language, "|".join(row.workshops)


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "cp1254",
        "iso-8859-9",
        "cp857",
        "mac_turkish",
    ],
)
def test_letters_of_both_languages_come_out_of_every_encoding(encoding: str) -> None:
    assert decode(f"E-Mail;Name\na@b.org;{NAMES}\n".encode(encoding)) == f"E-Mail;Name\na@b.org;{NAMES}\n"


@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-1", "cp850", "mac_roman"])
def test_german_letters_come_out_of_western_encodings(encoding: str) -> None:
    text = "Jürgen Größe, Überlingen, Ärzte, Öffnung"
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize(
    "titles",
    [
        ["E-Mail-Adresse", "Vorname", "Nachname", "Organisation", "Sprache", "Fachworkshop"],
        ["E-Posta", "Adı", "Soyadı", "Kurum", "Dil", "Çalıştay"],
        ["Email address", "First name", "Last name", "Organization", "Language", "Workshops"],
        ["E-POSTA ADRESİ", "AD", "SOYAD", "KURUMU", "DİLİ", "ÇALIŞTAYLAR"],
        [
            "E-Mail / E-Posta",
            "Vorname / Ad",
            "Nachname / Soyadı",
            "Stadt (Kurum)",
            "Sprache / Dil",
            "Workshop",
        ],
    ],
)
def test_titles_are_understood_in_three_languages_and_in_any_order(titles: list[str], separator: str) -> None:
    row = ["a@b.org", "Ayşe", "Işık", "Bursa", "Türkçe", "4"]
    expected = ("a@b.org", "Ayşe", "Işık", "Bursa", "tr", "4")
    for turn in range(6):
        lines = [separator.join(cells[turn:] + cells[:turn]) for cells in (titles, row)]
        assert [values(given) for given in csv_file("\r\n".join(lines)).rows] == [expected]


def test_a_title_above_the_table_and_empty_rows_do_no_harm_and_unknown_columns_are_named() -> None:
    given = csv_file(
        "sep=;\nTeilnehmerliste 2026;;\n;;\nTelefon;E-Mail;Name\n030 1;a@b.org;Ada Işık\n;;\n;b@b.org;\n"
    )
    assert [(row.line, row.email) for row in given.rows] == [(5, "a@b.org"), (7, "b@b.org")]
    assert (given.rows[0].first_name, given.rows[0].last_name) == ("Ada", "Işık")
    assert given.unread == ("Telefon",)


def test_beside_a_first_name_the_title_name_means_the_last_one() -> None:
    [row] = csv_file("Name,Vorname,Mail\nIşık,Çiğdem Su,a@b.org\n").rows
    assert values(row)[:3] == ("a@b.org", "Çiğdem Su", "Işık")


def test_without_titles_the_addresses_alone_are_read() -> None:
    given = csv_file("Ada;030/1;a@b.org\nBob;;b@b.org\nnobody;;\n")
    assert [(row.line, row.email, row.problem) for row in given.rows] == [
        (1, "a@b.org", ""),
        (2, "b@b.org", ""),
        (3, "", NO_ADDRESS),
    ]


def test_addresses_are_read_as_people_paste_them() -> None:
    given = read_pasted(
        text='a@b.org;C@D.org\n\n Ayşe Nur Yılmaz <e@f.org> ,\n"Müller, Jürgen" <g@h.org>; mailto:i@j.org\n'
        "k@l.org m@n.org\nbroken@\nnot an address\n\u200bo@p.org\u00a0"
    )
    assert [(row.line, row.email, row.first_name, row.last_name) for row in given.rows] == [
        (1, "a@b.org", "", ""),
        (1, "c@d.org", "", ""),
        (3, "e@f.org", "Ayşe Nur", "Yılmaz"),
        (4, "g@h.org", "Jürgen", "Müller"),
        (4, "i@j.org", "", ""),
        (5, "k@l.org", "", ""),
        (5, "m@n.org", "", ""),
        (6, "", "", ""),
        (7, "", "", ""),
        (8, "o@p.org", "", ""),
    ]
    assert [(row.problem, row.problem_value) for row in given.rows if row.problem] == [
        (NOT_AN_ADDRESS, "broken@"),
        (NOT_AN_ADDRESS, "not an address"),
    ]


def test_a_table_can_be_pasted_from_a_spreadsheet() -> None:
    given = read_pasted(text="Vorname\tNachname\tE-Mail\nAyşe\tIşık, Dr.\ta@b.org\n")
    assert [values(row)[:3] for row in given.rows] == [("a@b.org", "Ayşe", "Işık, Dr.")]


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("Deutsch", "de"),
        ("ALMANCA", "de"),
        ("türkisch", "tr"),
        ("Turkish", "tr"),
        ("İngilizce", "en"),
        ("", ""),
        ("beide", ""),
    ],
)
def test_languages_are_read_by_their_names(typed: str, language: str) -> None:
    [row] = csv_file(f"mail;dil\na@b.org;{typed}\n").rows
    assert (row.language, row.problem) == (language, "")


def test_a_language_that_is_none_of_ours_is_said() -> None:
    [row] = csv_file("mail;sprache\na@b.org;Französisch\n").rows
    assert (row.email, row.problem, row.problem_value) == ("a@b.org", UNKNOWN_LANGUAGE, "Französisch")


def test_a_workbook_is_read_from_its_first_visible_sheet_with_addresses() -> None:
    given = xlsx(
        [["E-Mail"], ["hidden@b.org"]],
        [["Hinweise"], ["bitte ausfüllen"]],
        [["E-Mail", "Workshop", "Ad"], ["a@b.org", 4.0, "Işıl"], [], ["b@b.org", "4; 1", None]],
        [["E-Mail"], ["c@b.org"]],
        hidden=0,
    )
    assert [(row.line, row.email, row.workshops) for row in given.rows] == [
        (2, "a@b.org", ("4",)),
        (4, "b@b.org", ("4", "1")),
    ]
    assert given.other_sheets == ("Blatt 2", "Blatt 4")


def test_a_cell_with_several_addresses_becomes_several_people() -> None:
    given = xlsx([["E-Mail"], ["a@b.org; b@b.org"]])
    assert [(row.line, row.email) for row in given.rows] == [(2, "a@b.org"), (2, "b@b.org")]


def test_a_workbook_is_read_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    import openpyxl

    opened: list[Any] = []
    load = openpyxl.load_workbook

    def remembered(*args: Any, **kwargs: Any) -> Any:
        opened.append(load(*args, **kwargs))
        return opened[-1]

    monkeypatch.setattr(openpyxl, "load_workbook", remembered)
    xlsx([["E-Mail"], ["a@b.org"]])
    assert [book.read_only for book in opened] == [True]


def cut_off() -> bytes:
    return workbook([["E-Mail"]])[:400]


OPENED = (
    "This workbook cannot be opened: it is damaged, holds macros, or is far larger than a list of people. "
)
PROTECTED = (
    "The file is protected with a password, or in an old format. Please save it without a password as "
)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("list.csv", b"", "The file is empty."),
        ("list.pdf", b"%PDF-", "Only .xlsx and .csv files can be read. Please save the list as one of them."),
        (
            "list.xlsx",
            b"a@b.org",
            "The file is not what its name says: please save it once more, as .xlsx or as .csv.",
        ),
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", f"{PROTECTED}.xlsx or .csv."),
        ("list.csv", b"abcdefgh\0ijklmnopqrstuvwxyz", "This is not a text: the file holds other data."),
        ("list.csv", b"a" * (LARGEST + 1), "At most 10 MB can be read."),
        ("list.xlsx", cut_off(), f"{OPENED}Please save it once more as .xlsx, without macros."),
        ("list.csv", b"a@b.org\n" * (MOST_ROWS + 1), "At most 20,000 rows can be read at once."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(name: str, data: bytes, said: str) -> None:
    with pytest.raises(UnreadableList) as refused:
        read_file(name=name, file=io.BytesIO(data))
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Auf einmal können höchstens 20.000 Zeilen gelesen werden."),
        ("tr", "Bir defada en fazla 20.000 satır okunabilir."),
    ],
)
def test_the_most_rows_are_said_as_the_language_writes_large_numbers(language: str, said: str) -> None:
    with override(language), pytest.raises(UnreadableList) as refused:
        read_pasted(text="a@b.org\n" * (MOST_ROWS + 1))
    assert str(refused.value) == said


def test_what_turns_the_line_round_is_left_out() -> None:
    [row] = csv_file(
        "E-Mail;Vorname;Nachname;Organisation\nada@b.org;\u202eadA;Işık\u2067;\u202aBursa\u202c\n"
    ).rows
    assert values(row) == ("ada@b.org", "adA", "Işık", "Bursa", "", "")
    assert row.typed == "ada@b.org, adA, Işık, Bursa"


def test_a_file_without_any_address_says_so_row_by_row() -> None:
    assert [(row.line, row.problem) for row in csv_file("Name;Ort\nAda;Bursa\n").rows] == [
        (1, NO_ADDRESS),
        (2, NO_ADDRESS),
    ]
