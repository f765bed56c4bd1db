"""Column by column, what a draft says differently from the row it speaks of."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from workshops.clocks import Zone
from workshops.domain.import_programme.changes import Shown
from workshops.domain.import_programme.guesses import plain
from workshops.domain.import_programme.rows import Rows
from workshops.domain.import_programme.shown import Names, hours, join, shown
from workshops.domain.import_programme.wanted import Wanted
from workshops.models import Appearance, Conference, Session, Speaker, Workshop, WorkshopDay
from workshops.names import fold

_TITLES = re.compile(r"(title|subtitle|name)_(de|tr|en)")
# Changed together: one without the other could end before it begins.
_TOGETHER = {"opens", "closes", "starts_on", "ends_on"}
_NAMES = {"first_name", "last_name"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`columns` are those the draft speaks of, `needs` what has to be there first.

    Cosmetic: only signs differ, or the row's title says more. Doubtful: a name's accents differ, which somebody may
    have put right here. `reason` says why else it is not meant by default.
    """

    field: str
    before: Shown
    after: Shown
    columns: tuple[str, ...] = ()
    writes: dict[str, Any] = dataclasses.field(default_factory=dict)
    links: dict[str, Wanted | None] = dataclasses.field(default_factory=dict)
    needs: tuple[Wanted | None, ...] = ()
    is_cosmetic: bool = False
    is_doubtful: bool = False
    reason: str = ""


def field_changes(item: Wanted, rows: Rows, names: Names, zones: tuple[Zone, Zone]) -> Iterator[FieldChange]:
    yield from _columns(item)
    row = item.row
    if isinstance(row, Conference):
        yield from _dates(item, row)
    elif isinstance(row, WorkshopDay):
        yield from _times(item, row, zones)
    elif isinstance(row, Session):
        yield from _session(item, row, names)
    elif isinstance(row, Workshop):
        yield from _workshop(item, row, rows, names)
    elif isinstance(row, Speaker):
        yield from _speaker(item, row, rows, names)
    elif isinstance(row, Appearance):
        yield from _appearance(item, row, rows, names)


def _columns(item: Wanted) -> Iterator[FieldChange]:
    for column, value in item.values.items():
        current = getattr(item.row, column)
        if column in _TOGETHER or _is_same(current, value) or _keeps_its_own(item, current):
            continue
        yield FieldChange(
            column,
            shown(current) or None,
            shown(value),
            (column,),
            {column: value},
            is_cosmetic=_is_cosmetic(column, current, value),
            is_doubtful=column in _NAMES and fold(str(current)) == fold(str(value)),
        )


def _keeps_its_own(item: Wanted, current: Any) -> bool:
    """Drafts call an organisation now this, now that; what it is called here stays."""
    return item.what in {"organisation", "platform"} and bool(current)


def _is_same(current: Any, value: Any) -> bool:
    if isinstance(value, str):
        return " ".join(str(current or "").split()) == " ".join(value.split())
    if isinstance(value, list):
        return sorted(current or []) == sorted(value)
    return bool(current == value)


def _is_cosmetic(column: str, current: Any, value: Any) -> bool:
    if not current or not _TITLES.fullmatch(column):
        return False
    if re.findall(r"\w+", current.casefold()) == re.findall(r"\w+", value.casefold()):
        return True
    return plain(current) != plain(value) and f" {plain(value)} " in f" {plain(current)} "


def _dates(item: Wanted, row: Conference) -> Iterator[FieldChange]:
    """Days that only follow from the workshops' never shorten a conference; at most it is offered to begin earlier."""
    now = (row.starts_on, row.ends_on)
    then = (item.values.get("starts_on", row.starts_on), item.values.get("ends_on", row.ends_on))
    reason = ""
    if "starts_on" in item.guesses:
        then = (min(now[0], item.guesses["starts_on"]), max(now[1], item.guesses["ends_on"]))
        reason = _("Not picked: the draft itself does not say on which days the conference is.")
    if then != now:
        writes = {"starts_on": then[0], "ends_on": then[1]}
        columns = tuple(name for name in writes if name in item.values)
        before, after = (f"{first:%d.%m.%Y} – {last:%d.%m.%Y}" for first, last in (now, then))
        yield FieldChange("dates", before, after, columns, writes, reason=reason)


def _times(item: Wanted, row: WorkshopDay, zones: tuple[Zone, Zone]) -> Iterator[FieldChange]:
    opens, closes = item.values.get("opens"), item.values.get("closes")
    if opens is None or (opens, closes) == (row.opens, row.closes):
        return
    before = hours(row.date, row.opens, row.closes, zones)
    after = hours(item.values["date"], opens, closes, zones)
    yield FieldChange("times", before, after, ("opens", "closes"), {"opens": opens, "closes": closes})


def _session(item: Wanted, row: Session, names: Names) -> Iterator[FieldChange]:
    if row.everybody and item.people and not item.values.get("everybody"):
        yield FieldChange("everybody", before=True, after=False, writes={"everybody": False})
    parent = item.parent
    if parent is None or _is_there(parent, row):
        return
    before = names.path_of_session(row).rsplit(" › ", 1)[0]
    yield FieldChange("place", before, _place(parent), links={"parent": parent}, needs=(parent,))


def _is_there(parent: Wanted, row: Session) -> bool:
    if parent.row is None:
        return False
    if parent.what == "day":
        return bool(row.day_id == parent.row.pk and row.parent_id is None)
    return bool(row.parent_id == parent.row.pk)


def _place(parent: Wanted) -> str:
    above = [parent.words]
    while parent.parent is not None:
        parent = parent.parent
        above.append(parent.words)
    return join(list(reversed(above)))


def _workshop(item: Wanted, row: Workshop, rows: Rows, names: Names) -> Iterator[FieldChange]:
    platform = item.links.get("platform")
    if platform is not None and (platform.row is None or platform.row.pk != row.platform_id):
        before = next((there.name for there in rows.platforms if there.pk == row.platform_id), None)
        yield _link("platform", before, platform.words, platform)
    if not item.hosts:
        return
    there = [host.organisation_id for host in rows.hosts.get(row.pk, ())]
    if there != [host.row.pk if host.row is not None else None for host in item.hosts]:
        before_names = [names.organisation(rows.organisations[pk]) for pk in there]
        after = [host.words for host in item.hosts]
        yield FieldChange("hosts", before_names, after, ("hosts",), needs=tuple(item.hosts))


def _link(name: str, before: Shown, after: Shown, link: Wanted | None) -> FieldChange:
    return FieldChange(name, before, after, (name,), links={name: link}, needs=(link,))


def _speaker(item: Wanted, row: Speaker, rows: Rows, names: Names) -> Iterator[FieldChange]:
    organisation = item.links.get("organisation")
    if organisation is None or (organisation.row is not None and organisation.row.pk == row.organisation_id):
        return
    own = rows.organisations.get(row.organisation_id) if row.organisation_id else None
    yield _link("organisation", names.organisation(own) or None, organisation.words, organisation)


def _appearance(item: Wanted, row: Appearance, rows: Rows, names: Names) -> Iterator[FieldChange]:
    """Who it is: a person, or somebody of an organisation; a change of either is one change."""
    speaker, organisation = item.links["speaker"], item.links["organisation"]
    same_person = row.speaker_id == (_pk(speaker) if speaker is not None else None)
    if same_person and (organisation is None or _pk(organisation) == _organisation_id(row, rows)):
        return
    links = {"speaker": speaker, "organisation": organisation}
    before = names.appearance(row)
    yield FieldChange("speaker", before, item.words, tuple(links), links=links, needs=(speaker, organisation))


def _pk(item: Wanted) -> int:
    return int(item.row.pk) if item.row is not None else 0


def _organisation_id(row: Appearance, rows: Rows) -> int | None:
    if row.organisation_id is not None or row.speaker_id is None:
        return row.organisation_id
    return rows.speakers[row.speaker_id].organisation_id
