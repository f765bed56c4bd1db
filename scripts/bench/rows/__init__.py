"""The rows of the table. Each is a module with one function, `measure`, which takes the bench and gives rows."""

from __future__ import annotations

from importlib import import_module

from ..bench import Bench
from ..figures import Row

NAMES = [
    "public",
    "registering",
    "rush",
    "delivery",
    "desk",
    "files",
    "pdf",
    "memory",
    "start",
]


def measure(name: str, bench: Bench) -> list[Row]:
    rows: list[Row] = import_module(f"{__name__}.{name}").measure(bench)
    return rows
