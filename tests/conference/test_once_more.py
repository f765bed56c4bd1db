"""`make test` tries again, alone, what failed in a browser beside other tests; and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import check

pytestmark = pytest.mark.sqlite
FIRST_TIME = """
import pathlib, pytest
{mark}
def test_waits():
    been = pathlib.Path("been")
    assert been.exists() or been.write_text("yes") == 0
def test_other():
    pass
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser\n")
    monkeypatch.chdir(tmp_path)
    # Only what runs tests beside each other: no Django, no browser.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p xdist")
    monkeypatch.setattr(check, "ROOT", tmp_path)
    return tmp_path


def test_a_browser_starved_once_is_named_and_no_failure(project: Path) -> None:
    (project / "test_it.py").write_text(FIRST_TIME.format(mark="@pytest.mark.browser"))
    report = check.Report()
    check.run_tests(report, "SQLite", {})
    assert report.failed == []
    assert report.tests[1:] == ["SQLite: failed beside others, passed alone: test_waits"]


def test_what_fails_without_a_browser_stays_a_failure(project: Path) -> None:
    (project / "test_it.py").write_text(FIRST_TIME.format(mark=""))
    report = check.Report()
    check.run_tests(report, "SQLite", {})
    assert report.failed == ["tests on SQLite"]


def test_a_browser_that_fails_twice_stays_a_failure(project: Path) -> None:
    (project / "test_it.py").write_text(
        "import pytest\n@pytest.mark.browser\ndef test_it():\n    assert False\n"
    )
    report = check.Report()
    check.run_tests(report, "SQLite", {})
    assert report.failed == ["tests on SQLite"]
    assert report.tests[0].startswith("SQLite: 0 passed, 1 failed, 0 skipped in ")
