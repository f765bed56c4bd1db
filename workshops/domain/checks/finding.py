"""A finding: what is wrong, how bad it is, where, and what one click would do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import override

from workshops.languages import CODES, Text, active_language, choose


class Severity(StrEnum):
    """An error cannot be represented; a warning misleads people if it stays; a note may well be meant."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Ref:
    """An object of the programme: a model of `workshops` and its primary key.

    Values know speakers and organisations by slug and platforms by name; `key` is that text then. `index` counts the
    appearances of a session, from 0.
    """

    model: str
    key: int | str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: an object of the programme (its `workshop` decides who may see it), or a draft's line.

    `page` is the address of another application's admin page.
    """

    text: Text
    ref: Ref | None = None
    line: int | None = None
    workshop: int | None = None
    page: str = ""

    @property
    def url(self) -> str:
        """Its page in the admin; empty for a line of a draft."""
        if self.page or self.ref is None or self.line is not None:
            return self.page
        return _admin_url(self.ref)

    def as_json(self) -> dict[str, Any]:
        place: dict[str, Any] = {"text": choose(self.text, active_language())[0]}
        if self.line is not None:
            place["line"] = self.line
        elif self.url:
            place["url"] = self.url
        return place


@dataclass(frozen=True, slots=True)
class Proposal:
    """`key` says all that is to be done, so that a click on an old page never does something else."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Finding:
    code: str
    severity: Severity
    message: Text
    places: tuple[Place, ...] = ()
    proposal: Proposal | None = None

    @property
    def workshops(self) -> frozenset[int]:
        """The workshops it is about; empty where it is about the whole conference."""
        return frozenset(place.workshop for place in self.places if place.workshop is not None)

    def as_json(self) -> dict[str, Any]:
        """As scripts read it; what the places are called is said in the active language."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "message": self.message,
            "places": [place.as_json() for place in self.places],
        }


_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """The worst first, otherwise in the order in which they were found."""
    return sorted(findings, key=lambda finding: _RANK[finding.severity])


def in_each_language(write: Callable[[], str]) -> Text:
    """What `write` says (with gettext) in each of the languages."""
    said = {}
    for code in CODES:
        with override(code):
            said[code] = write()
    return said


_NAMED_BY = {"platform": "name__exact"}


def _admin_url(ref: Ref) -> str:
    if isinstance(ref.key, int):
        return reverse(f"admin:workshops_{ref.model}_change", args=[ref.key])
    query = urlencode({_NAMED_BY.get(ref.model, "slug__exact"): ref.key})
    return f"{reverse(f'admin:workshops_{ref.model}_changelist')}?{query}"
