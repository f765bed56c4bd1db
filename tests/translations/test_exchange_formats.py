"""XLIFF and XLSX by themselves: what goes out is what the standards say, and comes back as it went."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.translations.exchange_files import UNIT, batch, only_row, refusal, unit, xliff
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.translations.exchange.read_returned import read_returned
from workshops.domain.translations.exchange.sheet import LONGEST_CELL, write_sheet
from workshops.domain.translations.exchange.values import ReturnedRow, portable
from workshops.domain.translations.exchange.xliff import NAMESPACE, write_xliff
from workshops.domain.translations.values import State, digest_of

pytestmark = pytest.mark.sqlite
SCHEMAS = Path(__file__).parent / "schemas"
WRITERS = {"xliff": write_xliff, "sheet": write_sheet}
BOTH = pytest.mark.parametrize("kind", WRITERS)
XLF = f"{{{NAMESPACE}}}"


# What goes out


def test_an_xliff_file_is_valid_by_the_standards_strict_schema() -> None:
    schema = (SCHEMAS / "xliff-core-1.2-strict.xsd").read_bytes()
    local = schema.replace(b"http://www.w3.org/2001/xml.xsd", (SCHEMAS / "xml.xsd").as_uri().encode())
    states = [unit(key=f"k{state}", state=state, max_length=None) for state in State]
    file = etree.fromstring(write_xliff(batch(unit("a < b & c\t„d“\n"), *states)))
    etree.XMLSchema(etree.fromstring(local)).assertValid(file)


def test_an_xliff_unit_says_where_it_stands_how_long_it_may_be_and_what_to_keep() -> None:
    file = etree.fromstring(write_xliff(batch(unit())))
    (found,) = file.iter(f"{XLF}trans-unit")
    assert dict(found.attrib) == {
        "id": "workshops.session.42.title",
        "{http://www.w3.org/XML/1998/namespace}space": "preserve",
        "size-unit": "char",
        "maxwidth": "200",
    }
    said = [element.text for element in found.iter(f"{XLF}context", f"{XLF}note")]
    assert said == [
        "Workshop 2 · Day 1 · 2.1 · Session: title",
        digest_of("Begrüßung"),
        digest_of(""),
        "At most 200 characters.",
        "One line.",
    ]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.MISSING, "needs-translation"),
        (State.OUTDATED, "needs-review-translation"),
        (State.TRANSLATED, "translated"),
        (State.SOURCE, "translated"),
    ],
)
def test_an_xliff_target_says_what_is_to_be_done(state: State, said: str) -> None:
    file = etree.fromstring(write_xliff(batch(unit(state=state))))
    assert [target.get("state") for target in file.iter(f"{XLF}target")] == [said]


def sheet_of(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def test_a_sheet_has_a_row_for_each_text_and_a_head_that_stays() -> None:
    sheet = sheet_of(write_sheet(batch(unit(target="Açılış"))))
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["id", "Where it stands", "Source text [de]", "Translation [de → tr]", "Remark", "check"],
        [
            "workshops.session.42.title",
            "Workshop 2 · Day 1 · 2.1 · Session: title\nAt most 200 characters.\nOne line.",
            "Begrüßung",
            "Açılış",
            None,
            f"{digest_of('Begrüßung')}:{digest_of('Açılış')}",
        ],
    ]
    assert (sheet.freeze_panes, sheet.column_dimensions["F"].hidden) == ("A2", True)


def test_only_translations_and_remarks_can_be_written_and_they_stay_text() -> None:
    sheet = sheet_of(write_sheet(batch()))
    assert sheet.protection.sheet is True
    assert [cell.column_letter for cell in sheet[2] if not cell.protection.locked] == ["D", "E"]
    assert [cell.number_format for cell in sheet[2]] == ["General", "General", "General", "@", "@", "General"]
    assert {cell.alignment.wrap_text for cell in sheet[2]} == {True}


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("https://evil.example")', "+1", "-1", "@SUM(A1)", "#N/A", "2020"]
)
def test_no_cell_of_a_sheet_is_run_and_its_text_is_not_changed(text: str) -> None:
    data = write_sheet(batch(unit(text, text)))
    cells = list(sheet_of(data)[2])
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert (cells[2].value, cells[3].value, cells[3].quotePrefix) == (text, text, True)
    assert only_row(data).target == text


def test_a_text_that_no_cell_can_hold_is_refused_by_name() -> None:
    fits, too_long = "ä" * LONGEST_CELL, "😀" * (LONGEST_CELL // 2 + 1)
    assert only_row(write_sheet(batch(unit(fits)))).source == fits
    with pytest.raises(DraftFileError) as error:
        write_sheet(batch(unit(too_long)))
    assert str(error.value) == (
        "This text is too long for a cell of a workbook: Workshop 2 · Day 1 · 2.1 · Session: title. "
        "Please choose XLIFF."
    )


# And back

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text(
    st.sampled_from("=+-@'\"\t\n\r <>&;[]*_x0D5Féİığşü\u05d0\u05d1Ā\u200f\u202e\u2028\u0085\x00\x0b\ufffe"),
    max_size=30,
)


@BOTH
@settings(deadline=None, max_examples=100)
@given(ANY_TEXT, ANY_TEXT)
@example("_x0041_", "_x005F_x0041_")
@example("]]><!-- &amp; -->", "  two  blanks \n")
@example("\r\n\x00", "\ud7ff\ufffe\uffff😀")
def test_any_text_comes_back_as_it_went(kind: str, source: str, target: str) -> None:
    sent = unit(portable(source), portable(target))
    row = only_row(WRITERS[kind](batch(sent)))
    assert row == ReturnedRow(
        place=1 if kind == "xliff" else 2,
        key=sent.key,
        source=sent.source,
        target=sent.target,
        finished=(bool(sent.target) if kind == "xliff" else None),
        source_digest=sent.source_digest,
        target_digest=sent.target_digest,
        language="tr",
    )


@settings(deadline=None)
@given(ANY_TEXT)
def test_only_control_characters_are_left_out(text: str) -> None:
    kept = portable(text)
    assert kept == portable(kept)
    assert set(text) - set(kept) <= set("\x7f\ufffe\uffff") | {chr(code) for code in range(32)}
    assert "\t" not in text or "\t" in kept


@BOTH
def test_the_languages_come_back(kind: str) -> None:
    found = read_returned(data=WRITERS[kind](batch()))
    assert (found.source_language, found.target_language) == ("de", "tr")


@pytest.mark.parametrize(
    ("unit", "finished"),
    [
        ('<target state="translated">Gün</target>', True),
        ('<target state="final">Gün</target>', True),
        ('<target state="signed-off">Gün</target>', True),
        ('<target state="x-reviewed">Gün</target>', True),
        ('<target state="needs-translation">Gün</target>', False),
        ('<target state="needs-review-translation">Gün</target>', False),
        ('<target state="new">Gün</target>', False),
        ("<target>Gün</target>", None),
    ],
)
def test_a_state_says_whether_the_office_has_finished(unit: str, finished: bool | None) -> None:
    row = only_row(xliff(f'<trans-unit id="a"><source>Tag</source>{unit}</trans-unit>'))
    assert (row.target, row.finished) == ("Gün", finished)


def test_what_programs_add_is_no_part_of_the_text() -> None:
    found = only_row(
        xliff(
            '<group><trans-unit id=" a " approved="yes"><source>Eins. Zwei.</source>'
            '<seg-source><mrk mtype="seg" mid="1">Eins.</mrk></seg-source>'
            '<target state="needs-translation"><mrk mtype="seg" mid="1">Bir.</mrk> '
            '<mrk mtype="seg" mid="2"><g id="1">İki</g>.</mrk></target>'
            '<note from="office">Is this “two”?</note><note from="koprue">One line.</note>'
            "<alt-trans><source>Eins.</source><target>Tek.</target></alt-trans></trans-unit></group>",
            **{"target-language": "tr-TR"},
        )
    )
    expected = ReturnedRow(
        place=1, key="a", source="Eins. Zwei.", target="Bir. İki.", finished=True, remark="Is this “two”?"
    )
    assert found == replace(expected, language="tr")


def test_a_target_in_another_language_says_so() -> None:
    unit = '<trans-unit id="a"><source>Tag</source><target xml:lang="en-GB">Day</target></trans-unit>'
    assert only_row(xliff(unit)).language == "en"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.decode().encode("utf-16"),
        lambda data: b"\r\n" + data,
        lambda data: data.decode().replace("UTF-8", "windows-1254").encode("windows-1254"),
        lambda data: data.replace(b"\n", b"\r\n"),
    ],
)
def test_what_a_text_editor_makes_of_a_file_is_read(change: Any) -> None:
    assert only_row(change(xliff(UNIT))).target == "Gün"


def worked_on(change: Any) -> bytes:
    """The workbook after somebody worked on it."""
    book = openpyxl.load_workbook(io.BytesIO(write_sheet(batch(unit(target="Açılış")))))
    change(book.active)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_columns_may_be_moved_and_rows_set_above_and_below() -> None:
    def change(sheet: Any) -> None:
        sheet.insert_rows(1)
        sheet.insert_cols(1)
        sheet["A1"] = "Auftrag 17"
        sheet["F3"] = "Geprüft"
        sheet["A9"] = "Ende"

    row = only_row(worked_on(change))
    assert (row.place, row.key, row.target, row.remark) == (
        3,
        "workshops.session.42.title",
        "Açılış",
        "Geprüft",
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("=1+1", "The cell holds a formula instead of a text."),
        (2020, "The cell holds a number, a date or an error instead of a text."),
        ("#REF!", "The cell holds a number, a date or an error instead of a text."),
    ],
)
def test_a_cell_without_a_text_says_so(value: Any, said: str) -> None:
    def change(sheet: Any) -> None:
        sheet["D2"] = value

    assert only_row(worked_on(change)).unreadable == said


def test_a_row_without_its_id_says_so() -> None:
    def change(sheet: Any) -> None:
        sheet["A2"] = None

    assert only_row(worked_on(change)).unreadable == "This row has no id."


def test_a_sheet_without_its_first_row_is_refused() -> None:
    assert refusal(worked_on(lambda sheet: sheet.delete_rows(1))) == (
        "No sheet has the columns that were sent: “id”, a source text and a translation. "
        "Please keep the first row as it was."
    )


TABLE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"


def saved_by_an_office_program(data: bytes) -> bytes:
    """As Excel and LibreOffice save: texts once in a table of their own, and a cell's line ends with a return."""
    strings: list[str] = []

    def keep(match: re.Match[str]) -> str:
        strings.append(match[1].replace("\n", "_x000D_\n"))
        return f"<v>{len(strings) - 1}</v>"

    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub(r"<is><t[^>]*>(.*?)</t></is>", keep, text, flags=re.DOTALL)
                text = text.replace('t="inlineStr"', 't="s"')
            if name == "[Content_Types].xml":
                text = text.replace(
                    "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TABLE}"/></Types>'
                )
            target.writestr(name, text)
        items = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in strings)
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        target.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{items}</sst>')
    return file.getvalue()


@pytest.mark.parametrize("text", ["Açılış", "bir\niki\n", "_x0041_ & < „a“", " = 1 "])
def test_a_workbook_saved_by_another_program_is_read_the_same(text: str) -> None:
    data = write_sheet(batch(unit(text, text)))
    assert read_returned(data=saved_by_an_office_program(data)) == read_returned(data=data)
