"""From a draft to the rows it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from workshops.clocks import Zone
from workshops.domain.checks.finding import Finding
from workshops.domain.draft.values import Draft, DraftWorkshop, OverviewRow
from workshops.domain.import_programme.guesses import plain
from workshops.domain.import_programme.problems import not_kept
from workshops.domain.import_programme.slugs import slug_of
from workshops.domain.import_programme.want_days import Days
from workshops.domain.import_programme.wanted import Wanted, WantedProgramme
from workshops.domain.import_programme.wanted_people import People

MEANINGS = {
    "home_zone_name": {"de": "deutsche Zeit", "tr": "Almanya saati", "en": "German time"},
    "partner_zone_name": {"de": "türkische Zeit", "tr": "Türkiye saati", "en": "Turkish time"},
}
ZONES = (
    Zone("Europe/Berlin", "CET", MEANINGS["home_zone_name"]),
    Zone("Europe/Istanbul", "TRT", MEANINGS["partner_zone_name"]),
)
_INTERPRETED = re.compile(r"dolmetsch|ceviri|tercume|interpret")
_SPOKEN = {
    "de": r"deutsch|almanca|german",
    "tr": r"turkisch|turkce|turkish",
    "en": r"englisch|ingilizce|english",
}
_SMALL = {
    "und",
    "der",
    "die",
    "das",
    "des",
    "zur",
    "zum",
    "in",
    "im",
    "für",
    "von",
    "ve",
    "ile",
    "and",
    "of",
    "the",
}
_LONG_TITLE = 110


def want(*, draft: Draft, zones: tuple[Zone, Zone] = ZONES) -> WantedProgramme:
    """What the draft asks for, over the clocks of `zones`."""
    return _Draft(draft, zones).want()


class _Draft:
    def __init__(self, draft: Draft, zones: tuple[Zone, Zone]) -> None:
        self.draft, self.language = draft, draft.language
        hosts = [host for workshop in draft.workshops for host in workshop.hosts]
        self.people = People(language=draft.language, hosts=hosts)
        self.platforms: dict[str, Wanted] = {}
        self.problems: list[Finding] = []
        self.days = Days(draft.language, zones, self.people, self.problems)
        self.languages = _languages_of([line for lines in draft.texts.values() for line in lines])

    def want(self) -> WantedProgramme:
        workshops = [self.workshop(workshop) for workshop in self.draft.workshops]
        return WantedProgramme(
            self.language,
            self.conference(workshops),
            list(self.platforms.values()),
            self.people.organisations,
            list(self.people.speakers.values()),
            workshops,
            self.problems,
        )

    # The conference

    def conference(self, workshops: Sequence[Wanted]) -> Wanted:
        dates = [day.values["date"] for workshop in workshops for day in workshop.below]
        is_said = self.draft.states_its_days
        first = self.draft.first_day if is_said else min(dates, default=None)
        last = self.draft.last_day if is_said else max(dates, default=None)
        days = {"starts_on": first, "ends_on": last} if first is not None else {}
        name = calm(self.draft.title, self.language)[:200]
        if first is None:
            self.problems.append(
                not_kept(lambda: _("The draft does not say on which days the conference is."))
            )
        values: dict[str, Any] = {f"name_{self.language}": name, **(days if is_said else {})}
        values[f"description_{self.language}"] = paragraphs(
            [line for lines in self.draft.texts.values() for line in lines]
        )
        return Wanted(
            "conference",
            "conference",
            name or self._nameless(),
            values={key: value for key, value in values.items() if value},
            guesses={**self._conference_guesses(name or self._nameless()), **({} if is_said else days)},
        )

    def _nameless(self) -> str:
        with override(self.language):
            return _("Conference")

    def _conference_guesses(self, name: str) -> dict[str, Any]:
        sender, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        return {
            f"name_{self.language}": name,
            **{f"{field}_{code}": word for field, words in MEANINGS.items() for code, word in words.items()},
            "home_zone": ZONES[0].name,
            "home_label": ZONES[0].label,
            "partner_zone": ZONES[1].name,
            "partner_label": ZONES[1].label,
            "contact_email": address,
            f"sender_name_{self.language}": (sender or name)[:120],
        }

    # Workshops

    def workshop(self, workshop: DraftWorkshop) -> Wanted:
        overview = self._overview(workshop)
        title, subtitle = self._titles(workshop, overview)
        wanted = Wanted(
            "workshop",
            f"workshop:{workshop.number or plain(title)}",
            f"{title} ({workshop.number})" if workshop.number else title,
            values=self._workshop_values(workshop, title, subtitle),
            guesses={"kind": workshop.kind, "slug": slug_of(title), **self._guessed_languages(workshop)},
            lines=(workshop.line,),
        )
        platform = workshop.platform or (overview.platform if overview else "")
        if platform:
            wanted.links["platform"] = self._platform(platform, workshop.line)
        hosts = (self.people.organisation(host, line=workshop.line) for host in workshop.hosts)
        wanted.hosts = [host for host in hosts if host is not None]
        self.days.add_to(wanted, workshop, overview)
        return wanted

    def _workshop_values(self, workshop: DraftWorkshop, title: str, subtitle: str) -> dict[str, Any]:
        texts = {f"{name}_{self.language}": paragraphs(lines) for name, lines in workshop.texts.items()}
        known = {f"{name}_{self.language}" for name in ("background", "goals", "format")}
        values: dict[str, Any] = {
            "number": workshop.number,
            f"title_{self.language}": title,
            f"subtitle_{self.language}": subtitle,
            "capacity_active": workshop.places,
            "interpreted_languages": sorted(workshop.languages),
            **{name: text for name, text in texts.items() if name in known},
        }
        return {key: value for key, value in values.items() if value}

    def _guessed_languages(self, workshop: DraftWorkshop) -> dict[str, Any]:
        return {} if workshop.languages else {"interpreted_languages": self.languages}

    def _overview(self, workshop: DraftWorkshop) -> OverviewRow | None:
        """The line of the table of contents that speaks of this workshop."""
        for row in self.draft.overview:
            if row.number is not None and row.number == workshop.number:
                return row
        return next((row for row in self.draft.overview if plain(row.title) == plain(workshop.title)), None)

    def _titles(self, workshop: DraftWorkshop, overview: OverviewRow | None) -> tuple[str, str]:
        """A title and what stands behind its colon, where the overview leaves that out or it is long."""
        title = (
            " ".join(workshop.title.split())
            or (overview.title if overview else "")
            or self._untitled(workshop)
        )
        head, colon, rest = title.partition(": ")
        if not colon:
            return _cut(title, 250), ""
        if overview and SequenceMatcher(None, plain(head), plain(overview.title)).ratio() > 0.9:
            return _cut(overview.title, 250), _cut(rest, 250)
        return (_cut(head, 250), _cut(rest, 250)) if len(title) > _LONG_TITLE else (title, "")

    def _untitled(self, workshop: DraftWorkshop) -> str:
        with override(self.language):
            return f"{_('Workshop')} {workshop.number or ''}".strip()

    def _platform(self, name: str, line: int) -> Wanted:
        key = plain(name)
        if key not in self.platforms:
            self.platforms[key] = Wanted(
                "platform", f"platform:{key}", name, values={"name": name[:60]}, lines=(line,)
            )
        return self.platforms[key]


def _languages_of(lines: Sequence[str]) -> list[str]:
    """The languages into which everything is interpreted, as the draft's own pages say."""
    said = [folded for line in lines if _INTERPRETED.search(folded := plain(line))]
    return [code for code, names in _SPOKEN.items() if any(re.search(names, text) for text in said)]


def paragraphs(lines: Sequence[str]) -> str:
    """Markdown: items of a list below each other, paragraphs apart."""
    text = ""
    for line in (line.strip() for line in lines):
        if not line:
            continue
        item = line.startswith("- ")
        glue = "\n" if item and text.rsplit("\n", 1)[-1].startswith("- ") else "\n\n"
        text = f"{text}{glue}{line}" if text else line
    return text[:20_000]


def calm(text: str, language: str) -> str:
    """ "VIRTUELLE VORKONFERENZ" in ordinary letters; what is not shouted stays as it is."""
    text = " ".join(text.split())
    if not text.isupper() or " " not in text:
        return text
    small = [_lower(word, language) for word in text.split(" ")]
    return " ".join(
        word if index and word in _SMALL else _capital(word, language) for index, word in enumerate(small)
    )


def _lower(word: str, language: str) -> str:
    return (word.replace("I", "ı").replace("İ", "i") if language == "tr" else word).lower()


def _capital(word: str, language: str) -> str:
    if language == "tr" and word.startswith("i"):
        return f"İ{word[1:]}"
    return re.sub(r"(^|-)(\w)", lambda match: match[1] + match[2].upper(), word)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0]
