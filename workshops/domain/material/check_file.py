"""Which file may go with a session: a PDF, or a presentation, text or table of an office program, without macros.

What a file is, its first bytes and its table of contents say, not its name. Nothing in it is unpacked, drawn or run:
it is only ever sent on, to be saved.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from workshops.models import Material

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LARGEST_FILE = 20 * 1024 * 1024
_MOST_PARTS = 10_000
# ISO 32000: readers look for the end of a PDF in its last 1,024 bytes.
_TAIL = 1_024
_LONGEST_NAME = 120
_UNFIT_FOR_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')

# Of ISO/IEC 29500: the part that each kind of package cannot do without.
_OFFICE = {
    "ppt/presentation.xml": Material.Type.PPTX,
    "word/document.xml": Material.Type.DOCX,
    "xl/workbook.xml": Material.Type.XLSX,
}
# Of ISO/IEC 26300: the package's first part says what it is.
_OPEN_DOCUMENT = {kind.value.encode(): kind for kind in (Material.Type.ODP, Material.Type.ODT)}
_MACROS = re.compile(r"(^|/)(vbaProject\.bin|Basic/|Scripts/)", re.IGNORECASE)
ENDINGS = {kind: f".{kind.label.lower()}" for kind in Material.Type}


class MaterialError(ValueError):
    """A file that is not taken; `message` is for people, in their language."""

    def __init__(self, message: StrOrPromise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """`file_name` ends as files of its type do, whatever it ended in before."""

    content_type: str
    file_name: str
    data: bytes


def check_file(*, data: bytes, file_name: str) -> CheckedFile:
    """Raises MaterialError."""
    if len(data) > LARGEST_FILE:
        raise too_large()
    kind = _type_of(data)
    return CheckedFile(kind.value, tidy_name(file_name=file_name, kind=kind), data)


def too_large() -> MaterialError:
    return MaterialError(
        format_lazy(_("The file is larger than {megabytes} MB."), megabytes=LARGEST_FILE // 2**20)
    )


def tidy_name(*, file_name: str, kind: Material.Type) -> str:
    """Without what would change the way it is read, or where it is saved."""
    plain = _UNFIT_FOR_NAMES.sub("_", file_name)
    stem = plain.rpartition(".")[0] if "." in plain else plain
    return (stem.strip(" ._")[:_LONGEST_NAME] or "material") + ENDINGS[kind]


def _type_of(data: bytes) -> Material.Type:
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data[-_TAIL:]:
            raise MaterialError(_("The PDF file is damaged: its end is missing."))
        return Material.Type.PDF
    if data.startswith(b"PK\x03\x04"):
        return _type_of_package(data)
    raise _neither()


def _type_of_package(data: bytes) -> Material.Type:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            if len(parts) > _MOST_PARTS:
                raise MaterialError(_("The file is made of too many parts."))
            return _package(package, parts)
    # What the standard library raises for archives that are none; its list of them is not its promise.
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        if isinstance(error, MaterialError):
            raise
        raise MaterialError(_("The file is damaged. Please save it once more.")) from error


def _package(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Material.Type:
    names = {part.filename for part in parts}
    if any(_MACROS.search(name) for name in names):
        raise MaterialError(_("The file contains macros. Please save it without them."))
    if "[Content_Types].xml" in names:
        for name, kind in _OFFICE.items():
            if name in names:
                return kind
    return _open_document(package, parts)


def _open_document(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> Material.Type:
    first = parts[0] if parts else None
    if first is None or first.filename != "mimetype" or first.file_size > _LONGEST_NAME:
        raise _neither()
    if (kind := _OPEN_DOCUMENT.get(package.read(first).strip())) is None:
        raise _neither()
    return kind


def _neither() -> MaterialError:
    return MaterialError(
        format_lazy(
            _("This is none of the files that can go with a session: {kinds}."),
            kinds=", ".join(Material.Type.labels),
        )
    )
