"""Long files: a list of people to invite, read and written; all registrations as XLSX and CSV. Memory above idle."""

from __future__ import annotations

from typing import Any

from ..bench import Bench
from ..figures import Check, Row

_MEGABYTES = 200


def measure(bench: Bench) -> list[Row]:
    people = 1_000 if bench.short else 10_000
    with bench.database("small") as url:
        imported: dict[str, Any] = bench.inside(url, "scripts.bench.inside.invitees", people)
    with bench.database("full") as url:
        exported = {kind: bench.inside(url, "scripts.bench.inside.export", kind) for kind in ("xlsx", "csv")}
    checks = [
        Check(
            f"importing {people:,} invitees, above idle", imported["megabytes"], _MEGABYTES, "MB", wide=None
        ),
        Check("invitations missing", people - imported["invitations"], 0),
    ]
    for kind, found in exported.items():
        checks += [
            Check(f"{kind.upper()}, above idle", found["megabytes"], _MEGABYTES, "MB", wide=None),
            Check(f"{kind.upper()}, rows missing", bench.people - found["rows"], 0),
        ]
    what = (
        f"importing {people:,} invitees; exporting {bench.people:,} registrations to XLSX and CSV, streaming"
    )
    return [Row("files", what, checks, {"import": imported, **exported})]
