"""What the translation desk is asked to show: read from the address, and written into links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from workshops.domain.translations.values import OPEN, Entry, State
from workshops.languages import CODES

SHARED = "shared"
_WHICH: dict[str, tuple[str | Promise, tuple[State, ...]]] = {
    "open": (_("Missing and outdated"), OPEN),
    "missing": (_("Missing"), (State.MISSING,)),
    "outdated": (_("Outdated"), (State.OUTDATED,)),
    "all": (_("All"), (*OPEN, State.TRANSLATED)),
}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    name: str | Promise
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """`workshop` is a primary key, "shared" for what workshops share, or empty for all. `page` counts from 1."""

    conference: int
    language: str
    workshop: str = ""
    which: str = "open"
    page: int = 1
    is_explicit: bool = False

    def shows(self, entry: Entry) -> bool:
        group = SHARED if entry.workshop_id is None else str(entry.workshop_id)
        return entry.state[self.language] in _WHICH[self.which][1] and self.workshop in {"", group}

    @property
    def query(self) -> str:
        said: dict[str, str | int] = {
            "conference": self.conference,
            "language": self.language,
            "workshop": self.workshop,
            "state": self.which,
        }
        return urlencode({**said, "p": self.page} if self.page > 1 else said)

    def on_page(self, page: int) -> Asked:
        return replace(self, page=page)

    def languages(self) -> list[Choice]:
        return [Choice(code, name, code == self.language) for code, name in settings.LANGUAGES]

    def states(self) -> list[Choice]:
        return [Choice(value, name, value == self.which) for value, (name, _states) in _WHICH.items()]

    def workshops(self, names: Iterable[tuple[int | None, str]]) -> list[Choice]:
        groups: list[tuple[str, str | Promise]] = [("", _("All"))]
        groups += [(SHARED if key is None else str(key), name) for key, name in names]
        return [Choice(value, name, value == self.workshop) for value, name in groups]


def asked_for(query: QueryDict, *, conference: int, found: Sequence[Entry], wanted: Collection[str]) -> Asked:
    """Without a language named, the one with the most to do. Raises Http404 for a workshop that is not there."""
    language = query.get("language", "")
    workshop = query.get("workshop", "")
    if workshop not in {"", SHARED, *(str(entry.workshop_id) for entry in found)}:
        raise Http404
    which = query.get("state", "")
    page = query.get("p", "")
    return Asked(
        conference,
        language if language in CODES else _most_to_do(found, wanted),
        workshop,
        which if which in _WHICH else "open",
        int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,
        is_explicit="language" in query,
    )


def _most_to_do(found: Sequence[Entry], wanted: Collection[str]) -> str:
    to_do: Mapping[str, int] = {
        code: sum(entry.state[code] in OPEN for entry in found) for code in CODES if code in wanted
    }
    # Turkish before German, where both are complete: the programme is written in German as a rule.
    return max(sorted(to_do, key=lambda code: code != "tr"), key=lambda code: to_do[code])
