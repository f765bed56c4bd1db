from __future__ import annotations

import os
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from conference import data_dir
from conference.start import checks


def test_secrets_are_made_once_and_are_their_owners_only(tmp_path: Path) -> None:
    first = data_dir.load_secrets(tmp_path)

    assert data_dir.load_secrets(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    Fernet(first.field_keys[0])
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.json"]


def test_processes_that_start_at_once_agree_on_the_secrets(tmp_path: Path) -> None:
    found: list[data_dir.Secrets] = []
    threads = [
        threading.Thread(target=lambda: found.append(data_dir.load_secrets(tmp_path))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [found[0]] * 8


def test_damaged_secrets_are_not_replaced_silently(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")

    with pytest.raises(data_dir.DataDirError, match="damaged"):
        data_dir.load_secrets(tmp_path)


def test_a_file_in_place_of_the_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(data_dir.DataDirError, match="cannot be written"):
        data_dir.require_writable(tmp_path / "file")


@pytest.fixture
def read_only() -> Iterator[Path]:
    """Root may write everywhere, so as root this becomes somebody else for a while."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        root = os.geteuid() == 0
        if root:
            os.seteuid(65534)
        yield Path(name)
        if root:
            os.seteuid(0)
        Path(name).chmod(0o700)


def test_a_read_only_directory_is_named(read_only: Path) -> None:
    with pytest.raises(data_dir.DataDirError, match=r"cannot be written: .* \(Permission denied\)"):
        data_dir.require_writable(read_only)


@pytest.mark.parametrize("name", ["with space", "ğ", "x" * 120, "a'b"])
def test_the_socket_finds_a_short_plain_path_and_always_the_same(tmp_path: Path, name: str) -> None:
    path = data_dir.socket_path(tmp_path / name)

    assert path == data_dir.socket_path(tmp_path / name)
    assert len(os.fsencode(path)) <= 100
    assert " " not in str(path)


def test_two_directories_have_two_sockets(tmp_path: Path) -> None:
    assert data_dir.socket_path(tmp_path / "a b") != data_dir.socket_path(tmp_path / "c d")


@pytest.mark.parametrize("value", ["0", "65536", "-1", "http", "８０００"])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PORT", value)

    with pytest.raises(checks.CannotStartError, match="PORT must be a number"):
        checks.port()


def test_a_missing_module_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_MODULES", ("django", "no_such_module"))

    with pytest.raises(checks.CannotStartError, match="no_such_module"):
        checks.require_modules()
