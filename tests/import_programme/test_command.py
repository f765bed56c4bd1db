"""`manage.py import_programme` shows by default, applies when told, and says in one line what it cannot read."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.import_programme.drafts import FILES, TEXT, programme
from workshops.domain.export_json import programme_json
from workshops.models import Conference, DraftImport, Workshop

pytestmark = pytest.mark.django_db

REAL = str(FILES / "vorkonferenz.txt")


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_programme", *arguments, stdout=out)
    return out.getvalue()


def data(*arguments: str) -> dict[str, Any]:
    parsed = json.loads(run(*arguments, "--json"))
    assert isinstance(parsed, dict)
    return parsed


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_ids(item) for key, item in value.items() if key != "id"}
    return [without_ids(item) for item in value] if isinstance(value, list) else value


def test_shows_and_changes_nothing() -> None:
    lines = run(REAL).splitlines()
    assert lines[:2] == ["Differences: 106", "  + conference: Virtuelle Vorkonferenz"]
    assert "Not understood: 1" in lines
    assert lines[-1] == "Nothing is applied yet; --apply does it."
    assert Conference.objects.count() == 0


def test_applies_and_keeps_a_history() -> None:
    assert run(REAL, "--apply").splitlines()[0] == "Applied: 106"
    assert Workshop.objects.count() == 4
    kept = DraftImport.objects.get()
    assert (kept.file_name, kept.status) == ("vorkonferenz.txt", "applied")
    assert run(REAL, "--apply").splitlines()[0] == "Applied: none"


def test_prints_the_programme_the_findings_and_what_was_not_understood() -> None:
    shown = data(REAL)
    assert set(shown) == {"programme", "findings", "unread"}
    assert shown["unread"] == ["THEMATISCHE FACHWORKSHOPS"]
    assert [finding["code"] for finding in shown["findings"]][:2] == [
        "clocks-disagree",
        "agenda-shorter-than-day",
    ]
    applied = data(REAL, "--apply")
    conference = Conference.objects.get()
    assert applied["programme"] == programme_json(programme=programme(conference), language="de")
    assert without_ids(applied) == without_ids(shown)


def test_a_year_is_used_for_dates_without_one(tmp_path: Path) -> None:
    path = tmp_path / "entwurf.txt"
    path.write_text(TEXT.replace(" 2020", ""), encoding="utf-8")
    shown = data(str(path), "--year", "2031")
    assert (
        shown["programme"]["conference"]["starts_on"],
        shown["programme"]["workshops"][3]["days"][0]["date"],
    ) == (
        "2031-06-15",
        "2031-06-03",
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("leer.txt", b"", "leer.txt: The file is empty."),
        ("programm.pdf", b"kein PDF", "programm.pdf: "),
        ("programm.odt", b"Text", "programm.odt: "),
    ],
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        run(str(path))
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nirgends\.txt: No such file or directory\.$"):
        run(str(tmp_path / "nirgends.txt"))


def test_an_impossible_year_is_refused() -> None:
    with pytest.raises(CommandError, match="--year: between 2000 and 2099"):
        run(REAL, "--year", "12")
