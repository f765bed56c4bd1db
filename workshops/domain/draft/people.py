"""Who speaks: people, their organisations and positions, as one cell or one line names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workshops.domain.draft import words
from workshops.domain.draft.tables import join_lines
from workshops.domain.draft.values import DraftAppearance
from workshops.domain.draft.words import EVERYBODY, NOBODY_YET, TBC, cut, flat, fold

_TITLE = r"(?:(?:Prof|Dr|Doç|Ph\.?D|Dipl\.?-?Ing|Öğr|Gör|Arş|Mag|Av)\.?(?:\s*h\.\s?c\.)?\s+)*"
_WORD = r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w’'-]+|[A-ZÇĞİÖŞÜ]\.)"
_PARTICLE = r"(?:von|van|vom|zu|zur|de|del|di|da|der|den|el|al|bin)"
NAME = rf"{_TITLE}{_WORD}(?:\s+(?:{_PARTICLE}\s+)*{_WORD}){{1,3}}"
_NAME = re.compile(NAME)
_TBC = re.compile(rf"\(?\s*\b{TBC}(?!\w)\s*\)?")
_NOBODY = re.compile(NOBODY_YET)
_ROLE = {name: re.compile(rf"(?:^|\s)(?:{pattern})\s*:\s*") for name, pattern in words.ROLES.items()}
_ROLE_BEHIND = {name: re.compile(rf"\s*\((?:{pattern})\)") for name, pattern in words.ROLES.items()}
# What begins like a name and is none.
_NO_PERSON = re.compile(
    r"\b(stadt|verband|bundes\w+|deutscher?|deutsche|engagement|gesellschaft|agentur|amt|stadtetag|ministerium"
    r"|universit\w+|birlig\w+|belediye\w*|bakanlig\w+|vakf\w+|dernegi|buyuksehir|city|union|ministry|municipality"
    r"|association|agency|institut\w*|plattform|platform|dienstleister|servicestelle|jugendbrucke|center|centre"
    r"|policy|moderation|einfuhrung|council|network|foundation|office|merkezi|odasi|kurumu)\b"
)
_POSITION = re.compile(
    r"leitung|leiter|referent|vorstand|geschaftsfuhr|prasident|burgermeister|direktor|beauftragt|sprecher|"
    r"mudur|baskan|koordinat|uzman|danisman|sorumlu|\bhead\b|director|president|mayor|manager|officer|advis|deputy"
)
# Two people on one line: after a closing bracket somebody else's name begins.
_NEXT_PERSON = re.compile(rf"(?<=\))\s+(?={NAME},)")
_AND = re.compile(r"\s+(?:und|ve|and|&)\s+")
_GREETINGS = {
    "greeting": re.compile(
        r"\b(?:grusswort|gruswort|selamlama konusmasi|selamlama|greeting|welcome address)\b"
    ),
    "": re.compile(r"\s[-–]\s*(?:einfuhrung|giris|introduction)\b"),
}
# A line that ends within "Prof. Dr. A. Somebody".
_ABBREVIATED = re.compile(r"(?:\w+\.\s*)+")
# Longer texts are no names; the patterns would only spend time on them.
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Cell:
    """Everybody whom a cell of speakers names; `everybody` where it says "all"."""

    everybody: bool
    appearances: list[DraftAppearance]


def is_name(text: str) -> bool:
    """Whether a text looks like a person's first and last name."""
    if len(text) > 120 or not _NAME.fullmatch(text.strip()):
        return False
    return not _NO_PERSON.search(fold(text)) and not _POSITION.search(fold(text))


def is_organisation(text: str) -> bool:
    """Whether a text holds a word that only institutions have in their names."""
    return _NO_PERSON.search(fold(text)) is not None


def is_everybody(text: str) -> bool:
    return fold(text) in EVERYBODY


def find_role(text: str) -> tuple[int, int, str] | None:
    """Where "Moderation: " stands in a text, and the role it names."""
    if len(text) > _LONGEST:
        return None
    found = ((pattern.search(flat(text)), role) for role, pattern in _ROLE.items())
    return min(((match.start(), match.end(), role) for match, role in found if match), default=None)


def starts_somebody(text: str) -> bool:
    """Whether a line begins with another person, rather than going on with the one above."""
    first = cut(_TBC, text.split(",", maxsplit=1)[0])[0].strip()
    if _NOBODY.fullmatch(fold(first)):
        return True
    return "," in text and _are_names(first)


def _are_names(text: str) -> bool:
    return all(is_name(part) for part in _AND.split(text))


def read_people(lines: list[str], *, role: str = "speaker", line: int = 0) -> list[DraftAppearance]:
    """The appearances that the lines of one cell name, in order."""
    return read_cell(lines, role=role, line=line).appearances


def read_cell(lines: list[str], *, role: str = "speaker", line: int = 0) -> Cell:
    everybody, appearances = False, []
    for its_role, entry in _entries(lines, role):
        if is_everybody(entry):
            everybody = True
        else:
            appearances.extend(_read_entry(entry, its_role, line))
    return Cell(everybody, appearances)


def _entries(lines: list[str], role: str) -> Iterator[tuple[str, str]]:
    """Each somebody with a role; "Moderation: …" changes the role of those behind it."""
    entries: list[tuple[str, str]] = []
    pieces = list(_pieces(lines))
    for index, (text, is_parted) in enumerate(pieces):
        following = pieces[index + 1][0] if index + 1 < len(pieces) else ""
        if (found := find_role(text)) and found[0] == 0:
            role = found[2]
            entries.append((role, text[found[1] :].strip()))
        elif is_parted or not entries or _begins(text, entries[-1][1], following):
            entries.append((role, text))
        else:
            entries[-1] = (entries[-1][0], join_lines([entries[-1][1], text]).strip())
    return (entry for entry in entries if entry[1])


def _pieces(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """The pieces of a cell, and whether a semicolon parts them from what is above."""
    is_parted = True
    for line in lines:
        for part in [line] if len(line) > _LONGEST else _NEXT_PERSON.split(line):
            *closed, last = part.split(";")
            for piece in closed:
                yield piece.strip(), is_parted
                is_parted = True
            if last.strip():
                yield last.strip(), is_parted
                is_parted = False


def _begins(text: str, above: str, following: str) -> bool:
    if _is_abbreviated(above):
        return False
    if starts_somebody(text) or is_everybody(text) or is_everybody(above) or _breaks_a_name(text, following):
        return True
    return "," not in above and is_name(cut(_TBC, text)[0].strip()) and is_name(cut(_TBC, above)[0].strip())


def _breaks_a_name(text: str, following: str) -> bool:
    """Whether a narrow cell broke the line within a name: "Hilmar von der", "Heide, Head of …"."""
    if "," in text:
        return False
    if starts_somebody(following):
        return _is_abbreviated(text)
    return starts_somebody(f"{text} {following}")


def _is_abbreviated(text: str) -> bool:
    return _ABBREVIATED.fullmatch(text) is not None and not _NOBODY.fullmatch(fold(text))


def _read_entry(entry: str, role: str, line: int) -> list[DraftAppearance]:
    if len(entry) > _LONGEST:
        return [DraftAppearance(None, role, entry, line=line)]
    text, is_open = cut(_TBC, entry)
    text, role = _without_words(text, role)
    status = "tbc" if is_open else "confirmed"
    text = " ".join(text.split()).strip(" ,–-")
    who, _, rest = text.partition(",")
    if _NOBODY.fullmatch(fold(who)):
        return [DraftAppearance(None, role, rest.strip(), status="tbc", line=line)]
    if not _are_names(who):
        return [DraftAppearance(None, role, text, status=status, line=line)] if text else []
    position, organisation = _position_and_organisation(rest)
    return [DraftAppearance(name, role, organisation, position, status, line) for name in _AND.split(who)]


def _without_words(text: str, role: str) -> tuple[str, str]:
    """The entry without "(Moderation)" or "Grußwort", and the role that these give."""
    for found, pattern in (*_ROLE_BEHIND.items(), *_GREETINGS.items()):
        text, is_there = cut(pattern, text)
        role = found if is_there and found else role
    return text, role


def _position_and_organisation(rest: str) -> tuple[str, str]:
    """What somebody is, and where: "Head of Migration, City of Hatay"; a town may stand behind without a comma."""
    parts = [part.strip() for part in rest.split(",") if part.strip()]
    if not parts or not _POSITION.search(fold(parts[0])):
        return "", ", ".join(parts)
    if len(parts) > 1 and _NO_PERSON.search(fold(parts[-1])):
        return ", ".join(parts[:-1]), parts[-1]
    position, _, town = " ".join(rest.split()).rpartition(" ")
    return (position.rstrip(","), town) if position else (town, "")
