"""One long task at a time in a worker; `tests/faults/test_worker.py` shows it with a real one."""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conference import in_turn as turns
from conference.in_turn import in_turn
from conference.log_context import FIELDS, request_id
from tests.servers import valkey

pytestmark = pytest.mark.sqlite
MORE, DONE = f"{__name__}.more_to_do", f"{__name__}.all_done"


@pytest.fixture(autouse=True)
def _no_request() -> Iterator[None]:
    yield
    FIELDS.set({})


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a worker has it for the processes that it makes of itself."""
    monkeypatch.setattr(turns, "_shared", None)
    turns._share()
    yield
    assert turns._shared is not None
    turns._shared.close()


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """Each task, and on behalf of which request it was called."""
    found: list[tuple[str, str | None]] = []
    monkeypatch.setattr(turns, "publish", lambda task: found.append((task, request_id())))
    return found


@pytest.fixture
def done() -> list[str]:
    return []


@contextlib.contextmanager
def another_process() -> Iterator[None]:
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
            yield
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
def test_what_is_not_finished_is_called_again_and_what_is_finished_is_not(
    published: list[tuple[str, str | None]],
) -> None:
    FIELDS.set({"request_id": "a request"})

    in_turn(more_to_do)(), in_turn(all_done)()

    assert published == [(MORE, "a request")]


@pytest.mark.usefixtures("shared")
def test_who_was_turned_away_comes_before_what_goes_on(
    published: list[tuple[str, str | None]], tmp_path: Path, settings: Any
) -> None:
    with valkey(tmp_path) as settings.REDIS_URL:
        with another_process():
            in_turn(all_done)(), in_turn(all_done)()
        assert published == []

        FIELDS.set({"request_id": "a request"})
        in_turn(more_to_do)()
        assert published == [(DONE, None)]
        in_turn(all_done)(), in_turn(all_done)()

    assert published == [(DONE, None), (MORE, None)]
    assert request_id() == "a request"


@pytest.mark.usefixtures("shared")
def test_a_fault_ends_the_turn(published: list[tuple[str, str | None]]) -> None:
    with pytest.raises(ZeroDivisionError):
        in_turn(lambda: bool(1 / 0))()

    with another_process():
        assert published == []


def more_to_do() -> bool:
    return True


def all_done() -> bool:
    return False
