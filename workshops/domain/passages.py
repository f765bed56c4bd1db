"""Marks each passage of a PDF with its language, which WeasyPrint (70) does for the document as a whole only.

PDF/UA-1 (ISO 14289-1, 7.2) wants every change of language told, and a screen reader needs it: Turkish read by German
rules cannot be understood. WeasyPrint knows the language of each box, from the `lang` of the HTML, and writes an
element of the structure tree for it; here that element is given its /Lang. What stays in the document's language:
the bookmarks and the title, for which PDF 1.7 knows no language of their own.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from typing import Any

_lock = threading.Lock()


def mark_passages() -> None:
    """From now on in this process; once is enough."""
    with _lock:
        _install()


@functools.cache
def _install() -> None:
    import pydyf  # noqa: PLC0415 (parts of WeasyPrint, which loads libpango)
    from weasyprint.pdf import tags  # noqa: PLC0415

    build = tags._build_box_tree

    def build_with_language(box: Any, parent: Any, pdf: Any, *rest: Any) -> Iterator[Any]:
        language = _language_of(box)
        for element in build(box, parent, pdf, *rest):
            if language:
                element["Lang"] = pydyf.String(language)
            yield element

    tags._build_box_tree = build_with_language


def _language_of(box: Any) -> str:
    """Of the box's own element; a box without one is a part of another's, and the document speaks for itself."""
    box = getattr(box, "_box", box)
    element = getattr(box, "element", None)
    if element is None or box.element_tag in {"html", "body"}:
        return ""
    return str(element.get("lang") or "")
