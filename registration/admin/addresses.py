"""The addresses an organiser pastes: one a line, or several with commas between them, with or without names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from registration.domain.addresses import InvalidAddress, normal_address

# Commas and semicolons part addresses, but not in quotation marks or angle brackets (RFC 5322, section 3.4).
_PIECE = re.compile(r'(?:"[^"]*"|<[^<>]*>|[^,;"<]|["<])+')
_WITH_NAME = re.compile(r".*<([^<>]*)>\s*")


@dataclass(frozen=True, slots=True)
class TypedAddress:
    """`address` is normalised; None where it is malformed, and `problem` then says so."""

    line: int
    typed: str
    address: str | None
    problem: str = ""


def read_addresses(text: str) -> list[TypedAddress]:
    """Every address in the order typed, each with its line (from 1)."""
    return [
        _read(number, piece) for number, line in enumerate(text.splitlines(), 1) for piece in _pieces(line)
    ]


def _pieces(line: str) -> Iterator[str]:
    for found in _PIECE.findall(line):
        piece = found.strip()
        words = piece.split()
        if len(words) > 1 and all("@" in word for word in words):
            yield from words
        elif piece:
            yield piece


def _read(line: int, typed: str) -> TypedAddress:
    named = _WITH_NAME.fullmatch(typed)
    try:
        return TypedAddress(line, typed, normal_address(named[1] if named else typed))
    except InvalidAddress as error:
        return TypedAddress(line, typed, None, str(error.message))
