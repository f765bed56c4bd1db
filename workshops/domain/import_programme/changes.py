"""One difference between a draft and the programme, as it is shown, picked and applied."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.db.models import Model

from workshops.domain.import_programme.wanted import Wanted, What

Kind = Literal["added", "changed", "removed"]
Shown = str | int | bool | list[str] | None
"""A value as people read it: a text, a number, yes or no, a list of names; times on both clocks."""


@dataclass(frozen=True, slots=True)
class Change:
    """`key` stays the same as long as both sides do, so that a choice made of an older comparison is noticed.

    `group` is the workshop it belongs to, empty for what several share; `where` says exactly where it is, `detail`
    more of what is added. `field` is a column (with its language, "title_de"), or "dates", "times", "order", "place",
    "hosts", "platform", "organisation", "speaker".

    `by_default` is whether it is meant without being asked: a removal only of what an earlier draft had brought, an
    overwriting only where the draft itself has changed since, nothing that was removed here. `reason` says why not,
    where it is another one than an edit made here. `obstacle` says why it cannot be picked.
    """

    key: str
    kind: Kind
    what: What
    where: str
    object_id: int | None = None
    group: str = ""
    field: str = ""
    before: Shown = None
    after: Shown = None
    detail: str = ""
    lines: tuple[int, ...] = ()
    depends_on: tuple[str, ...] = ()
    by_default: bool = True
    obstacle: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True, eq=False)
class Step:
    """A change with what carrying it out needs: the row, what is wanted of it, and the columns to write."""

    change: Change
    wanted: Wanted | None = None
    row: Model | None = None
    writes: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Wanted | None] = field(default_factory=dict)


def digest(*values: Any) -> str:
    text = json.dumps(values, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
