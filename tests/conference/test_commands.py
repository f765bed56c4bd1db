"""Each of our commands exits non-zero with one clear line on bad input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite  # which every command here uses, whatever the tests use
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with the demo in it."""
    directory = tmp_path_factory.mktemp("data")
    for command in ("migrate", "load_demo"):
        assert manage(directory, command, "--verbosity=0").returncode == 0
    return directory


def manage(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    unset = ("DATABASE_URL", "TEST_DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**environment, "DATA_DIR": str(directory)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["invite", "kein-at", "--workshop", "digitale-stadt"], "kein-at"),
        (["invite", "a@example.org"], "--workshop"),
        (["invite", "a@example.org", "--workshop", "nope"], "nope"),
        (["invite", "a@example.org", "--workshop", "digitale-stadt", "--language", "fr"], "fr"),
        (["confirm", "a@example.org", "--workshop", "digitale-stadt"], "a@example.org"),
        (["confirm", "a@example.org", "--workshop", "digitale-stadt", "--role", "king"], "king"),
        (["load_demo", "--year", "nächstes"], "nächstes"),
        (["release", "--note", "x" * 301], "300"),
        (["status", "--jsn"], "--jsn"),
        (["erase_personal_data", "--before", "2020"], "--before"),
        (["import_programme", "nothing-here.docx"], "nothing-here.docx"),
        (["check_programme", "--jsn"], "--jsn"),
        (["backup", "/nowhere/backup"], "/nowhere/backup"),
        (["backup", "/dev/full/backup"], "/dev/full/backup"),
        (["restore", "/nowhere/backup"], "/nowhere/backup"),
        (["restore", "manage.py"], "no backup"),
        (["restore", "manage.py", "--erased", "/nowhere/list"], "/nowhere/list"),
        (["send_held_mail", "now"], "now"),
        (["replace_link", "kein-at"], "kein-at"),
        (["replace_link", "nobody@example.org"], "nobody@example.org"),
    ],
)
def test_bad_input_gets_one_line_that_names_it(data: Path, arguments: list[str], named: str) -> None:
    done = manage(data, *arguments)
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert named in done.stderr


def test_of_several_addresses_the_good_ones_are_invited_and_the_bad_ones_named(data: Path) -> None:
    done = manage(data, "invite", "kein-at", "b@example.org", "--workshop", "digitale-stadt")
    assert (done.returncode, done.stdout) == (1, "Queued: b@example.org\n")
    assert done.stderr.splitlines()[:2] == [
        "CommandError: “kein-at” is not an e-mail address.",
        "1 of 2 addresses were not invited.",
    ]


@pytest.mark.parametrize("command", ["status", "release", "load_demo"])
def test_a_database_that_is_not_set_up_is_said_in_one_line(tmp_path: Path, command: str) -> None:
    done = manage(tmp_path, command)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "migrate" in done.stderr
