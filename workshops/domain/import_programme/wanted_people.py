"""The organisations and the people of a draft, each once, however often and however spelt it names them."""

from __future__ import annotations

from collections.abc import Sequence

from workshops.domain.draft.values import DraftAppearance
from workshops.domain.import_programme.guesses import (
    names_of,
    organisation_country,
    organisation_kind,
    plain,
    split_name,
    without_short_name,
)
from workshops.domain.import_programme.wanted import Wanted


class People:
    def __init__(self, *, language: str, hosts: Sequence[str]) -> None:
        self.language, self.host_names = language, hosts
        self.organisations: list[Wanted] = []
        self.speakers: dict[str, Wanted] = {}
        self._known: dict[str, Wanted] = {}

    def organisation(self, text: str, *, line: int, session_title: str = "") -> Wanted | None:
        name, short_name = without_short_name(" ".join(text.split()))
        if not plain(name):
            return None
        names = names_of(text)
        found = next((self._known[key] for key in names if key in self._known), None)
        if found is None:
            found = self._new_organisation(name, line)
            self.organisations.append(found)
        self._complete(found, name, short_name, session_title)
        for key in names:
            self._known.setdefault(key, found)
        return found

    def _new_organisation(self, name: str, line: int) -> Wanted:
        return Wanted(
            "organisation",
            f"organisation:{plain(name)}",
            name,
            values={f"name_{self.language}": name[:200]},
            guesses={"kind": organisation_kind(name, hosts=self.host_names), "country": ""},
            lines=(line,),
        )

    def _complete(self, organisation: Wanted, name: str, short_name: str, session_title: str) -> None:
        """A later mention may say more: the abbreviation, "Stadt" before the town, the country."""
        if short_name:
            organisation.values.setdefault("short_name", short_name)
        if len(name) > len(organisation.words) and plain(name).endswith(plain(organisation.words)):
            organisation.words = name
            organisation.values[f"name_{self.language}"] = name[:200]
        organisation.guesses["country"] = organisation.guesses["country"] or organisation_country(
            name, session_title=session_title
        )

    def speaker(self, appearance: DraftAppearance, organisation: Wanted | None) -> Wanted:
        title, first, last = split_name(appearance.name or "")
        key = plain(f"{first} {last}")
        speaker = self.speakers.get(key)
        if speaker is None:
            speaker = Wanted(
                "speaker",
                f"speaker:{key}",
                f"{first} {last}".strip(),
                values={"first_name": first[:100], "last_name": last[:100]},
                lines=(appearance.line,),
            )
            self.speakers[key] = speaker
        self._complete_speaker(speaker, title, appearance.position, organisation)
        return speaker

    def _complete_speaker(
        self, speaker: Wanted, title: str, position: str, organisation: Wanted | None
    ) -> None:
        if title:
            speaker.values.setdefault("academic_title", title[:40])
        if position:
            speaker.values.setdefault(f"position_{self.language}", position[:200])
        if organisation is not None:
            speaker.links.setdefault("organisation", organisation)
