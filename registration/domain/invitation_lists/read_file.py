"""An uploaded list: chosen by what the file is, not by what it is called."""

from __future__ import annotations

from pathlib import PurePath
from typing import IO

from django.utils.translation import gettext_lazy as _

from registration.domain.invitation_lists.decode import decode
from registration.domain.invitation_lists.errors import UnreadableList
from registration.domain.invitation_lists.read_csv import rows_of_text
from registration.domain.invitation_lists.read_table import read_table
from registration.domain.invitation_lists.read_workbook import read_workbook
from registration.domain.invitation_lists.values import Given

LARGEST = 10_000_000
ENDINGS = (".xlsx", ".csv", ".txt")
_ARCHIVE = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_file(*, name: str, file: IO[bytes]) -> Given:
    """The people in an .xlsx or .csv file. Raises UnreadableList."""
    data = file.read(LARGEST + 1)
    _check(name, data)
    given = read_workbook(data) if data.startswith(_ARCHIVE) else read_table(rows_of_text(decode(data)))
    if not given.rows:
        raise UnreadableList(_("There is no row with an address in this file."))
    return given


def _check(name: str, data: bytes) -> None:
    ending = PurePath(name).suffix.lower()
    if len(data) > LARGEST:
        raise UnreadableList(
            _("At most %(largest)d MB can be read.") % {"largest": LARGEST // 1_000_000},
        )
    if not data.strip():
        raise UnreadableList(_("The file is empty."))
    if data.startswith(_OLE):
        raise UnreadableList(
            _(
                "The file is protected with a password, or in an old format. Please save it without a password as "
                ".xlsx or .csv."
            )
        )
    if ending not in ENDINGS:
        raise UnreadableList(_("Only .xlsx and .csv files can be read. Please save the list as one of them."))
    if (ending == ".xlsx") != data.startswith(_ARCHIVE):
        raise UnreadableList(
            _("The file is not what its name says: please save it once more, as .xlsx or as .csv.")
        )
    if not data.startswith((_ARCHIVE, *_UTF_16)) and _is_no_text(data):
        raise UnreadableList(_("This is not a text: the file holds other data."))


def _is_no_text(data: bytes) -> bool:
    """A zero in the middle of letters; in UTF-16 every second byte is one."""
    zeros = data[:4096].count(0)
    return 0 < zeros < len(data[:4096]) // 3
