"""Lists of personal codes as platforms give them: a file, or lines that were pasted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registration.domain.addresses import InvalidAddress, normal_address
from registration.domain.errors import DomainError
from registration.domain.invitation_lists.columns import plain
from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.invitation_lists.read_csv import rows_of_text
from registration.domain.table_file import Row, rows_of_file

MOST_CODES = 5_000
LONGEST_CODE = 2_000
_MOST_SAID = 10
_EMAIL_TITLES = frozenset(
    [
        "email",
        "mail",
        "emailaddress",
        "emailadresse",
        "mailadresse",
        "eposta",
        "epostaadresi",
        "useremail",
        "useremailaddress",
    ]
)
_CODE_TITLES = frozenset(
    [
        "code",
        "codes",
        "kod",
        "kodu",
        "zugangscode",
        "zugang",
        "zugangslink",
        "link",
        "personallink",
        "joinlink",
        "joinurl",
        "url",
        "baglanti",
        "erisimkodu",
        "accesscode",
        "accesslink",
        "personalcode",
        "personlichercode",
        "kisiselkod",
        "passcode",
        "pin",
        "token",
        "meetinglink",
    ]
)


class UnreadableCodes(DomainError):  # noqa: N818 (named after what the person is told)
    """The list of codes has mistakes; the message names the lines."""


@dataclass(frozen=True, slots=True)
class GivenCode:
    """`email` is empty for a code that anybody may get."""

    line: int
    code: str
    email: str = ""


def read_codes(*, text: str = "", name: str = "", file: IO[bytes] | None = None) -> list[GivenCode]:
    """One code a row, with an address beside it where it is meant for one person. Raises UnreadableCodes."""
    try:
        rows = rows_of_file(name=name, file=file) if file else rows_of_text(text, separator=_separator(text))
    except UnreadableList as error:
        raise UnreadableCodes(error.message) from None
    return _codes([(line, tidy) for line, cells in rows if any(tidy := [cell.strip() for cell in cells])])


def _separator(text: str) -> str:
    """Links hold commas: only what stands between cells of a copied table, or a semicolon, parts them for sure."""
    return next((sign for sign in "\t;" if sign in text), ",")


def _codes(rows: Sequence[Row]) -> list[GivenCode]:
    places = _places(rows[0][1]) if rows else None
    body = rows[1:] if places else rows
    if not body:
        raise UnreadableCodes(_("There is no code in this list."))
    if len(body) > MOST_CODES:
        raise UnreadableCodes(
            _("At most %(most)s codes can be read at once.")
            % {"most": number_format(MOST_CODES, force_grouping=True)}
        )
    found, mistakes = [], []
    for line, cells in body:
        try:
            found.append(_code(line, *(_by_title(cells, places) if places else _by_look(cells))))
        except ValueError as error:
            mistakes.append(gettext("Row %(line)d: %(mistake)s") % {"line": line, "mistake": error})
    _refuse([*mistakes, *_twice(found)])
    return found


def _places(head: Sequence[str]) -> tuple[int, int | None] | None:
    """Where the code and the address stand; None for a row that is no head."""
    titles = [plain(cell) for cell in head]
    code = next((place for place, title in enumerate(titles) if title in _CODE_TITLES), None)
    email = next((place for place, title in enumerate(titles) if title in _EMAIL_TITLES), None)
    return None if code is None else (code, email)


def _by_title(cells: Sequence[str], places: tuple[int, int | None]) -> tuple[str, str]:
    code, email = places
    return _cell(cells, code), "" if email is None else _cell(cells, email)


def _by_look(cells: Sequence[str]) -> tuple[str, str]:
    filled = [cell for cell in cells if cell]
    if len(filled) == 1:
        return filled[0], ""
    if len(filled) > 2:
        raise ValueError(gettext("too many cells; give the columns titles, such as “Code” and “E-mail”."))
    emails = [cell for cell in filled if "@" in cell and "/" not in cell]
    if len(emails) != 1:
        raise ValueError(gettext("it is not clear which cell is the code and which the address."))
    return next(cell for cell in filled if cell != emails[0]), emails[0]


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _code(line: int, code: str, email: str) -> GivenCode:
    if not code:
        raise ValueError(gettext("there is no code."))
    if len(code) > LONGEST_CODE:
        raise ValueError(gettext("the code is too long."))
    try:
        return GivenCode(line, code, normal_address(email) if email else "")
    except InvalidAddress:
        raise ValueError(gettext("“%(address)s” is no e-mail address.") % {"address": email[:100]}) from None


def _twice(found: Iterable[GivenCode]) -> list[str]:
    """The code itself is not repeated: a page of mistakes may be shown to others."""
    first: dict[str, int] = {}
    return [
        gettext("Row %(line)d: the same code stands in row %(first)d.")
        % {"line": each.line, "first": first[each.code]}
        for each in found
        if first.setdefault(each.code, each.line) != each.line
    ]


def _refuse(mistakes: Sequence[str]) -> None:
    if not mistakes:
        return
    said = " ".join(mistakes[:_MOST_SAID])
    if len(mistakes) > _MOST_SAID:
        said += " " + gettext("And %(count)d more.") % {"count": len(mistakes) - _MOST_SAID}
    raise UnreadableCodes(said)
