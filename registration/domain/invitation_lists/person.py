"""What a cell or a pasted piece says of one person: an address, perhaps a name, a language, workshops."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from registration.domain.addresses import InvalidAddress, normal_address
from registration.domain.invitation_lists.columns import plain
from registration.domain.invitation_lists.values import (
    LONGEST_TYPED,
    NO_ADDRESS,
    NOT_AN_ADDRESS,
    UNKNOWN_LANGUAGE,
    GivenRow,
)
from registration.models import InvitationRow
from workshops.names import unturned

# Commas and semicolons part addresses, but not in quotation marks or angle brackets (RFC 5322, section 3.4).
_PIECE = re.compile(r'(?:"[^"]*"|<[^<>]*>|[^,;"<]|["<])+')
_WITH_NAME = re.compile(r"(.*)<([^<>]*)>\s*")
# Seen by nobody, and copied with an address from web pages and documents.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_LANGUAGES = {
    "de": "de deu ger deutsch german almanca",
    "tr": "tr tur turkisch turkce turkish",
    "en": "en eng englisch english ingilizce",
}
_LANGUAGE = {word: code for code, words in _LANGUAGES.items() for word in words.split()}
_BOTH = {"", "beide", "both", "heriki", "herikisi", "detr", "trde", "unbekannt", "unknown", "bilinmiyor"}
_BETWEEN_WORKSHOPS = re.compile(r"[;|\n]+")
_FIELD: Callable[[str], Any] = InvitationRow._meta.get_field
_LENGTHS: dict[str, int] = {
    name: _FIELD(name).max_length for name in ("first_name", "last_name", "organisation")
}


def tidy(text: str) -> str:
    """On one line, without what nobody sees."""
    return " ".join(unturned(text).translate(_UNSEEN).replace("\u00a0", " ").split())


def pieces(text: str) -> Iterator[str]:
    """The addresses of one line, each with its name where it has one."""
    for found in _PIECE.findall(text):
        piece = tidy(found)
        words = piece.split()
        if len(words) > 1 and all("@" in word for word in words) and "<" not in piece:
            yield from words
        elif piece:
            yield piece


def person_of(line: int, typed: str, piece: str, values: dict[str, str], workshops: str = "") -> GivenRow:
    """`values` are the names, the organisation and the language as given beside the address."""
    name, address = _name_and_address(piece)
    language, unknown = _language_of(values.get("language", ""))
    said = {"first_name": values.get("first_name", ""), "last_name": values.get("last_name", "")}
    if not any(said.values()):
        said = split_name(values.get("name", "") or name)
    said["organisation"] = values.get("organisation", "")
    row = {key: tidy(text)[: _LENGTHS[key]] for key, text in said.items()}
    row |= {"typed": tidy(typed)[:LONGEST_TYPED]}
    email, problem, value = _checked(address)
    if email and unknown:
        problem, value = UNKNOWN_LANGUAGE, unknown
    return GivenRow(
        line=line,
        email=email,
        language=language,
        workshops=_workshops_of(workshops),
        problem=problem,
        problem_value=value[:120],
        **row,
    )


def split_name(name: str) -> dict[str, str]:
    """ "Yılmaz, Ayşe" and "Ayşe Yılmaz" alike; one word alone is a last name."""
    name = tidy(name).strip("\"' ")
    if "," in name:
        last, _comma, first = name.partition(",")
    else:
        first, _space, last = name.rpartition(" ")
    return {"first_name": first.strip(), "last_name": last.strip()}


def _name_and_address(piece: str) -> tuple[str, str]:
    named = _WITH_NAME.fullmatch(piece)
    name, address = (named[1], named[2]) if named else ("", piece)
    address = address.strip()
    if address.lower().startswith("mailto:"):
        address = address[len("mailto:") :].partition("?")[0]
    return name, address.strip(" \"'.")


def _checked(address: str) -> tuple[str, str, str]:
    if not address:
        return "", NO_ADDRESS, ""
    try:
        return normal_address(address), "", ""
    except InvalidAddress:
        return "", NOT_AN_ADDRESS, address[:80]


def _language_of(text: str) -> tuple[str, str]:
    """The language and what is no language; neither where a mail in both is meant."""
    word = plain(text)
    if word in _BOTH:
        return "", ""
    found = _LANGUAGE.get(word, "")
    return found, "" if found else tidy(text)


def _workshops_of(text: str) -> tuple[str, ...]:
    return tuple(word for part in _BETWEEN_WORKSHOPS.split(text) if (word := tidy(part)))
