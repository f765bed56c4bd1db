"""What a line is by its words alone: the heading of a workshop, a day or a section; facts within a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workshops.domain.draft import words
from workshops.domain.draft.dates import is_only_a_date
from workshops.domain.draft.people import is_organisation
from workshops.domain.draft.times import find_times
from workshops.domain.draft.values import Line
from workshops.domain.draft.words import flat, fold

_W = words.WORKSHOP_WORD
_WORKSHOP = re.compile(
    rf"\s*(?:{_W}\s*(?:nr\.?\s*)?(\d{{1,2}})|(\d{{1,2}})\.\s*{_W})(?:\s*[:.–-]\s*|\s+(?=\()|\s*$)", re.ASCII
)
_EVENT = re.compile(rf"(?:{'|'.join(words.INFORMATION_EVENT)})\b")
_ROUNDTABLE = re.compile(rf"(?:\S+[-/ ]){{0,4}}(?:{'|'.join(words.ROUNDTABLE)})\b")
_HOSTED = re.compile(rf"\s*({words.HOSTED_BY})\s*:\s*")
_PLATFORM = re.compile(rf"(?:{words.PLATFORM})\s*:?\s*(?=[a-z0-9])", re.ASCII)
_PLATFORM_NAME = re.compile(r"[^\W_]\S*(?: [A-Z]\S*)?")
_NUMBERED_TITLE = re.compile(r"\((\d{1,2})\)$", re.ASCII)
_AND = re.compile(r"\s(?:und|ve|and|&)\s")
_TWO_NAMES = re.compile(r"[A-ZÇĞİÖŞÜ]\w+ [A-ZÇĞİÖŞÜ(]")
_LANGUAGES = {
    "de": ("deutsch", "almanca", "german"),
    "tr": ("turkisch", "turkce", "turkish"),
    "en": ("englisch", "ingilizce", "english"),
}
_INTERPRETED = re.compile(
    r"dolmetsch|simultane? ceviri|ceviri|interpret|veranstaltungssprachen|etkinlik dilleri|languages of the event"
)
# Words that names of cities and institutions do not hold: those stand in drafts of every language.
_KNOWN_WORDS = {
    "de": "und die das dauer juni dezember zeit fachworkshop redner programmpunkt organisiert ablauf ist tag",
    "tr": "ve saat sure calistay calistayin gundem konusmaci haziran aralik gun dk ile icin bir duzenleyen akis",
    "en": "and the time duration june december is speaker item organised hosted agenda day for with minutes",
}
_LONGEST_HEADING = 250


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a workshop: its kind, its number where it has one, and its title where that stands on the same line."""

    kind: str
    number: int | None
    title: str


def workshop_heading(text: str) -> Heading | None:
    text = text.strip()
    if len(text) > _LONGEST_HEADING:
        return None
    if match := _WORKSHOP.match(flat(text)):
        return Heading("workshop", int(match[1] or match[2]), text[match.end() :].strip(" :"))
    folded = fold(text)
    if len(text) > 120 or folded.endswith(".") or find_times(text):
        return None
    if _ROUNDTABLE.match(folded):
        return Heading("roundtable", None, text)
    return Heading("information_event", None, text) if _EVENT.match(folded) else None


def day_number(text: str) -> int | None:
    """3 for "Tag 3", "3. Gün" and "Day 3"."""
    match = words.DAY_HEADING.match(fold(text[:_LONGEST_HEADING]))
    return int(match[1] or match[2]) if match else None


def is_day_heading(text: str, *, year: int | None) -> bool:
    if len(text) > _LONGEST_HEADING:
        return False
    return day_number(text) is not None or is_only_a_date(text, year=year)


def section_named(text: str) -> str | None:
    folded = fold(text[:_LONGEST_HEADING])
    if len(folded) >= 70:
        return None
    return next((name for name, found in words.SECTION_PATTERNS.items() if found.fullmatch(folded)), None)


def hosts_named(text: str) -> list[str] | None:
    match = _HOSTED.match(flat(text)) if len(text) < 1000 else None
    return split_names(text[match.end() :]) if match else None


def split_names(text: str) -> list[str]:
    return [name for part in text.split(";") if part.strip() for name in _parted_by_and(part.strip())]


def _parted_by_and(text: str) -> list[str]:
    """ "Stadt Köln und Stadt Bonn" are two, "Zusammenarbeit und Entwicklung" is one."""
    for match in _AND.finditer(text):
        behind = text[match.end() :]
        if _TWO_NAMES.match(behind) or is_organisation(behind.split(" ", 1)[0]):
            return [text[: match.start()].strip(), *_parted_by_and(behind)]
    return [text]


def platform_named(text: str) -> str | None:
    match = _PLATFORM.search(flat(text)) if len(text) < 1000 else None
    name = _PLATFORM_NAME.match(text, match.end()) if match else None
    return name[0].strip(" .,;") if name else None


def numbered(title: str) -> tuple[str, int | None]:
    """The title and the number behind it: "Digitale Stadt (1)"."""
    match = _NUMBERED_TITLE.search(title)
    return (title[: match.start()].strip(), int(match[1])) if match else (title, None)


def is_sentence(text: str) -> bool:
    return text.rstrip().endswith((".", "!", "?", "…")) and text.count(" ") >= 3


def places_named(text: str) -> int | None:
    match = words.PLACES.search(fold(text))
    return int(next(group for group in match.groups() if group)) if match else None


def languages_named(text: str) -> list[str]:
    """The languages between which there is interpretation, where the text speaks of it."""
    folded = fold(text)
    if not _INTERPRETED.search(folded):
        return []
    spoken = [code for code, names in _LANGUAGES.items() if any(name in folded for name in names)]
    return spoken if len(spoken) > 1 else []


def language_of(lines: Sequence[Line]) -> str:
    """The language most of whose frequent words the draft holds."""
    counts = Counter(re.findall(r"\w+", fold(" ".join(line.text for line in lines))))
    return max(_KNOWN_WORDS, key=lambda code: sum(counts[word] for word in _KNOWN_WORDS[code].split()))
