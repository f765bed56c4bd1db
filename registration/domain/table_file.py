"""The rows of an uploaded table, CSV or XLSX, as they stand there."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import PurePath
from typing import IO

from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.decode import decode
from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.invitation_lists.read_csv import rows_of_text
from registration.domain.invitation_lists.read_workbook import rows_of_workbook

LARGEST = 5_000_000
ENDINGS = (".xlsx", ".csv", ".txt")
_SEPARATORS = (";", "\t", ",")
_SAMPLE_LINES = 50
_ARCHIVE = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Row = tuple[int, Sequence[str]]


def rows_of_file(*, name: str, file: IO[bytes]) -> list[Row]:
    """Each with its number in the file, from 1. Raises UnreadableList."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise UnreadableList(_("At most %(largest)d MB can be read.") % {"largest": LARGEST // 1_000_000})
    if not data.strip():
        raise UnreadableList(_("The file is empty."))
    if data.startswith(_OLE) or PurePath(name).suffix.lower() not in ENDINGS:
        raise UnreadableList(_("Please save the list as .xlsx or .csv."))
    if data.startswith(_ARCHIVE):
        return rows_of_workbook(data)
    text = decode(data)
    return rows_of_text(text, separator=_separator_of(text))


def _separator_of(text: str) -> str:
    """The sign that parts most cells, outside of quotation marks; left to Excel's own hint where there is one."""
    if text[:4].lower() == "sep=":
        return ""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    return max(_SEPARATORS, key=lambda sign: _cells_parted(sample, sign))


def _cells_parted(sample: str, sign: str) -> int:
    try:
        return sum(len(cells) - 1 for cells in csv.reader(sample.split("\n"), delimiter=sign))
    except csv.Error:
        return -1
