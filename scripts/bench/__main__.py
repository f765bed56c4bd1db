"""`python -m scripts.bench [--only NAME …] [--short]`, which `make bench` calls."""

from __future__ import annotations

import argparse
import contextlib
import math
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

from . import report
from .bench import Bench
from .database import databases
from .figures import Check, Figures, Row
from .load import require_wrk
from .processes import BenchError
from .rows import NAMES, measure
from .scale import measure_costs
from .services import sink

SCALE = "scale"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        _require_linux()
        require_wrk()
        return _run(options.only or [*NAMES, *([] if options.short else [SCALE])], short=options.short)
    except BenchError as error:
        sys.stderr.write(f"The benchmark stops: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("The benchmark was interrupted; what it had started has ended.\n")
        return 130


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=[*NAMES, SCALE], metavar="NAME", help=", ".join([*NAMES, SCALE])
    )
    parser.add_argument("--short", action="store_true", help="little data, few rounds: what CI runs")
    return parser.parse_args(arguments)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _require_linux() -> None:
    if not Path("/proc/self/smaps_rollup").exists():
        raise BenchError("memory and processor time are read from /proc, which only Linux has")


def _run(names: Sequence[str], *, short: bool) -> int:
    rows: list[Row] = []
    with _bench(short=short) as bench:
        for name in (name for name in names if name != SCALE):
            report.say(f"… {name}")
            started = time.monotonic()
            found = _measured(name, bench)
            report.tell(found, minutes=(time.monotonic() - started) / 60)
            rows += found
        result = report.result(rows, bench) | _costs(names, bench)
    failed = [row.name for row in rows if "failed" in row.figures]
    failed += [SCALE] if SCALE in names and "costs" not in result else []
    report.keep(result, complete=list(names) == [*NAMES, SCALE] and not short and not failed)
    report.say(report.summary(rows, short=short))
    return 1 if failed or (short and not all(row.holds_widely for row in rows)) else 0


def _measured(name: str, bench: Bench) -> list[Row]:
    """One that fails is begun anew once, on a machine that others use too; then it is told, and costs no others."""
    try:
        return measure(name, bench)
    except BenchError as error:
        report.say(f"              once more: {error}")
    try:
        return measure(name, bench)
    except BenchError as error:
        return [Row(name, name, [Check(f"failed: {error}", math.nan, 0)], {"failed": str(error)})]


def _costs(names: Sequence[str], bench: Bench) -> Figures:
    """No row of the table: what docs/scaling.md is worked out from."""
    if SCALE not in names:
        return {}
    report.say(f"… {SCALE}")
    try:
        return {"costs": measure_costs(bench).as_json()}
    except BenchError as error:
        # The rows have been measured by then, for an hour and more.
        report.say(f"              failed: {error}")
        return {}


@contextlib.contextmanager
def _bench(*, short: bool) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(prefix="koprue-bench-") as name:
        directory = Path(name)
        try:
            with databases() as server, sink(directory) as mail:
                yield Bench(short=short, directory=directory, databases=server, sink=mail)
        finally:
            report.keep_logs(directory)


if __name__ == "__main__":
    sys.exit(main())
