"""What earlier drafts said of each row: it tells what the draft has changed since from what people changed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workshops.domain.import_programme.changes import Step, digest
from workshops.domain.import_programme.wanted import Wanted, WantedProgramme
from workshops.models import Conference, DraftImport

Said = dict[str, str]
_LOOK_BACK = 10


def name_of(row: Any, column: str = "") -> str:
    return f"{row._meta.model_name}:{row.pk}:{column}"


def read_imports(*, conference: Conference | None) -> list[dict[str, Any]]:
    """What was kept with the last applied imports, the newest first."""
    if conference is None:
        return []
    applied = DraftImport.objects.filter(conference=conference, status=DraftImport.Status.APPLIED)
    kept = applied.order_by("-applied_at").values_list("before", flat=True)[:_LOOK_BACK]
    return [before or {} for before in kept]


def said_in(*, imports: Sequence[dict[str, Any]]) -> Said:
    """By row and column, the digest of what the last applied draft that spoke of it said.

    Without a column, the name of the row that it lies in; empty where it lies in none, or that was not kept yet.
    """
    said: Said = {}
    for before in imports:
        said = {**(before.get("said") or {}), **said}
    return said


def say(*, wanted: WantedProgramme, refused: Sequence[Step]) -> Said:
    """What this draft says of the rows it was matched with; what could not be kept counts as not said yet."""
    said: Said = {}
    for item in wanted.everything():
        if item.row is not None:
            said.update(_of(item))
    for step in refused:
        for column in (step.change.field, *step.writes, *step.links) if step.row is not None else ():
            said.pop(name_of(step.row, column), None)
    return said


def _of(item: Wanted) -> Said:
    assert item.row is not None  # noqa: S101 (asked by the caller)
    columns = {name_of(item.row, column): digest(value) for column, value in item.values.items()}
    links = {name_of(item.row, name): digest(link and link.ident) for name, link in item.links.items()}
    hosts = {name_of(item.row, "hosts"): digest([host.ident for host in item.hosts])} if item.hosts else {}
    above = item.parent.row if item.parent is not None else None
    return {name_of(item.row): name_of(above) if above is not None else "", **columns, **links, **hosts}
