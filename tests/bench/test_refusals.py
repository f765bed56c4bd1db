"""What the benchmark cannot do without, it says in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.bench import load
from scripts.bench.processes import BenchError, running, wait_for

pytestmark = pytest.mark.sqlite
ROOT = Path(__file__).resolve().parent.parent.parent


def bench(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.bench", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_wrk_one_line_says_how_to_get_it(tmp_path: Path) -> None:
    result = bench(PATH=str(tmp_path))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        "The benchmark stops: wrk is missing, which makes the load. On Debian: apt-get install wrk\n"
    )


def test_a_measurement_nobody_knows_is_refused() -> None:
    result = bench("--only", "nothing")
    assert result.returncode == 2
    assert "invalid choice: 'nothing'" in result.stderr


def test_a_server_that_is_not_there_is_not_measured() -> None:
    with pytest.raises(BenchError, match="wrk failed: unable to connect"):
        load.wrk("http://127.0.0.1:9/", seconds=1)


def test_a_process_that_ends_is_reported_with_its_last_line(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", "print('first'); print('out of order')"]
    with (
        running(command, environment={}, log=log) as process,
        pytest.raises(BenchError, match="it ended: out of order"),
    ):
        wait_for(process, lambda: False, what="it", log=log)


def test_processes_end_with_the_block_that_started_them(tmp_path: Path) -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    with running([sys.executable, "-c", code], environment={}, log=tmp_path / "log") as process:
        group = process.pid
        os.killpg(group, 0)
    with pytest.raises(ProcessLookupError):
        os.killpg(group, 0)
