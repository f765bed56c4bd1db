"""Small files as office programs write them, and rows that hold one."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from workshops.domain.material import check_file, put_file
from workshops.models import Material, Session

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def package(*names: str, first: bytes | None = None) -> bytes:
    """A ZIP file with these parts, the same at each call; `first` is what an OpenDocument file says it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as kept:
        if first is not None:
            kept.writestr(zipfile.ZipInfo("mimetype"), first)
        for name in names:
            kept.writestr(zipfile.ZipInfo(name), b"<x/>")
    return out.getvalue()


def office(part: str, *others: str) -> bytes:
    return package("[Content_Types].xml", part, *others)


def make_file(session: Session, *, data: bytes = PDF, name: str = "Folien.pdf", **values: Any) -> Material:
    material = Material(session=session, **{"audience": "everybody", **values})
    put_file(material=material, checked=check_file(data=data, file_name=name))
    material.save()
    return material
