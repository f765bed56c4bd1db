"""One long task at a time in a worker; `tests/faults/test_worker.py` shows it with a real one."""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import sys
from collections.abc import Iterator

import pytest

from conference import in_turn as turns
from conference.in_turn import in_turn

pytestmark = pytest.mark.sqlite


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a worker has it for the processes that it makes of itself."""
    monkeypatch.setattr(turns, "_shared", None)
    turns._share()
    yield
    assert turns._shared is not None
    turns._shared.close()


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(turns, "publish", found.append)
    return found


@pytest.fixture
def done() -> list[str]:
    return []


@contextlib.contextmanager
def another_process() -> Iterator[subprocess.Popen[str]]:
    """With the same file, as one of the same worker; it says that its turn has come, and stays until it is killed."""
    assert turns._shared is not None
    number = turns._shared.fileno()
    taken = f"fcntl.lockf({number}, {fcntl.LOCK_EX | fcntl.LOCK_NB})"
    code = f"import fcntl, time; {taken}; print('its turn', flush=True); time.sleep(600)"
    process = subprocess.Popen(
        [sys.executable, "-c", code], pass_fds=[number], stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "its turn\n"
            yield process
        finally:
            process.kill()


@pytest.mark.usefixtures("shared", "published")
def test_whoever_is_killed_in_its_turn_keeps_nobody_waiting(done: list[str]) -> None:
    task = in_turn(lambda: bool(done.append("work")))
    with another_process():
        task()
        assert done == []

    task()
    assert done == ["work"]


@pytest.mark.usefixtures("shared")
def test_what_is_not_finished_is_called_again_and_what_is_finished_is_not(published: list[str]) -> None:
    in_turn(more_to_do)(), in_turn(all_done)()

    assert published == ["tests.conference.test_in_turn.more_to_do"]


@pytest.mark.usefixtures("shared")
def test_a_fault_ends_the_turn(published: list[str], done: list[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        in_turn(lambda: bool(1 / 0))()

    with another_process():
        assert published == []


def more_to_do() -> bool:
    return True


def all_done() -> bool:
    return False
