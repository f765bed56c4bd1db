"""`scripts/install.py` itself, with packages made here: no index is asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conference.data_dir import ROOT

pytestmark = pytest.mark.sqlite
_WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """With the script and a directory of wheels: one, two and three, at version 1."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "install.py", tmp_path / "scripts")
    for name in ("one", "two", "three"):
        make_wheel(tmp_path, name)
    return tmp_path


def make_wheel(directory: Path, name: str) -> None:
    about = f"{name}-1.dist-info"
    (directory / "wheels").mkdir(exist_ok=True)
    with zipfile.ZipFile(directory / "wheels" / f"{name}-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", f"NAME = {name!r}\n")
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        wheel.writestr(f"{about}/WHEEL", _WHEEL)
        wheel.writestr(
            f"{about}/RECORD", f"{name}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n"
        )


def install(checkout: Path, *packages: str, command: str = "") -> subprocess.CompletedProcess[str]:
    (checkout / "list.txt").write_text("\n".join(packages))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(checkout),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(checkout / "wheels"),
    }
    python = getattr(sys, "_base_executable", sys.executable)
    return subprocess.run(
        [python, "scripts/install.py", "list.txt", *(["-c", command] if command else [])],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_packages_are_there_and_compiled_and_a_second_run_installs_nothing(checkout: Path) -> None:
    wanted = ("one==1", "two==1", "three==1")
    command = "import one, two, three; print(one.NAME, two.NAME, three.NAME)"

    first = install(checkout, *wanted, command=command)
    second = install(checkout, *wanted, command=command)

    assert (first.returncode, first.stdout.splitlines()[-1]) == (0, "one two three")
    assert len(list((checkout / ".venv").glob("lib/*/site-packages/__pycache__/*.pyc"))) == 3
    assert (second.returncode, second.stdout) == (0, "one two three\n")


def test_what_cannot_be_installed_is_named_in_one_line_and_nothing_is_started(checkout: Path) -> None:
    failed = install(checkout, "one==1", "four==1", command="print('started')")

    assert (failed.returncode, len(failed.stderr.splitlines())) == (1, 1)
    assert failed.stderr.startswith(
        "Installing list.txt failed: ERROR: No matching distribution found for four==1"
    )
    assert "started" not in failed.stdout
