"""XLIFF 1.2 (OASIS standard of 2008): what every office's program reads and writes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # nosec B405
from collections.abc import Iterator
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_noop as _

from workshops.domain.translations.exchange.errors import ExchangeFileError
from workshops.domain.translations.exchange.languages import checked_languages, language_of
from workshops.domain.translations.exchange.values import (
    Batch,
    Returned,
    ReturnedRow,
    Unit,
    digest_in,
)
from workshops.domain.translations.values import State

# `ET` only writes: what comes back is read by defusedxml.
NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
MOST_UNITS = 20_000
_XML = "http://www.w3.org/XML/1998/namespace"
_OURS = "koprue"
_SOURCE_DIGEST, _TARGET_DIGEST = "x-koprue-source-digest", "x-koprue-target-digest"
_STATES = {
    State.MISSING: "needs-translation",
    State.OUTDATED: "needs-review-translation",
    State.EMPTY: "needs-translation",
}
_UNKNOWN_LETTERS = _("The file’s letters cannot be read. Please have it saved as UTF-8.")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def write_xliff(batch: Batch) -> bytes:
    root = ET.Element("xliff", {"version": "1.2", "xmlns": NAMESPACE})
    languages = {"source-language": batch.source_language, "target-language": batch.target_language}
    file = ET.SubElement(root, "file", {"original": batch.name, "datatype": "plaintext", **languages})
    header = ET.SubElement(file, "header")
    ET.SubElement(header, "tool", {"tool-id": _OURS, "tool-name": "Köprü"})
    body = ET.SubElement(file, "body")
    for unit in batch.units:
        _write_unit(body, unit, languages)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _write_unit(body: ET.Element, unit: Unit, languages: dict[str, str]) -> None:
    element = ET.SubElement(body, "trans-unit", {"id": unit.key, "xml:space": "preserve"})
    if unit.max_length is not None:
        element.attrib |= {"size-unit": "char", "maxwidth": str(unit.max_length)}
    ET.SubElement(element, "source", {"xml:lang": languages["source-language"]}).text = unit.source
    target = ET.SubElement(element, "target", {"xml:lang": languages["target-language"]})
    target.set("state", _STATES.get(unit.state, "translated"))
    target.text = unit.target
    _write_context(element, "location information", {"x-where": unit.context})
    _write_context(
        element, "x-koprue", {_SOURCE_DIGEST: unit.source_digest, _TARGET_DIGEST: unit.target_digest}
    )
    for hint in unit.hints:
        ET.SubElement(element, "note", {"from": _OURS, "annotates": "target"}).text = hint


def _write_context(element: ET.Element, purpose: str, values: dict[str, str]) -> None:
    group = ET.SubElement(element, "context-group", {"purpose": purpose})
    for kind, value in values.items():
        ET.SubElement(group, "context", {"context-type": kind}).text = value


def read_xliff(data: bytes) -> Returned:
    """What came back. Raises ExchangeFileError."""
    root = _parsed(data)
    _check_version(root)
    files = [child for child in root if _name(child) == "file"]
    if not files:
        raise ExchangeFileError(_("There is no translation in this file."))
    source, target = checked_languages(files[0].get("source-language"), files[0].get("target-language"))
    rows = tuple(_rows(files))
    return Returned(source_language=source, target_language=target, rows=rows)


def _parsed(data: bytes) -> Any:
    """The root element. A document type, and with it every entity, is refused before it is read."""
    try:
        return fromstring(_markup(data), forbid_dtd=True)
    except DefusedXmlException as error:
        raise ExchangeFileError(
            _(
                "The file declares a document type or entities of its own. An XLIFF file needs none; not opened."
            )
        ) from error
    except ET.ParseError as error:
        line, column = error.position
        raise ExchangeFileError(
            _("This is not a whole XML file: it cannot be read from line %(line)d, column %(column)d on."),
            line=line,
            column=column + 1,
        ) from error
    except ExchangeFileError:
        raise
    except (ValueError, LookupError) as error:
        raise ExchangeFileError(_UNKNOWN_LETTERS) from error


def _markup(data: bytes) -> bytes:
    """A text editor that writes a byte order mark leaves the declaration as it was, and the two contradict."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _DECLARATION.sub("", data.decode(encoding)).lstrip().encode()
    text = data.lstrip()
    if not text.startswith((b"<", b"\0<")):
        raise ExchangeFileError(_("This is neither an XLIFF file nor a workbook (.xlsx)."))
    return text


def _check_version(root: Any) -> None:
    if _name(root) != "xliff":
        raise ExchangeFileError(_("This is an XML file, but no XLIFF file."))
    version = root.get("version", "")
    if not version.startswith("1."):
        raise ExchangeFileError(
            _("This is XLIFF %(version)s. Please have it saved as XLIFF 1.2, as it was sent."),
            version=version[:10] or "?",
        )


def _rows(files: list[Any]) -> Iterator[ReturnedRow]:
    place = 0
    for file in files:
        language = language_of(file.get("target-language"))
        for unit in _units(file):
            place += 1
            if place > MOST_UNITS:
                raise ExchangeFileError(_("The file has more than %(most)d texts."), most=MOST_UNITS)
            yield _row(unit, place, language)


def _units(file: Any) -> Iterator[Any]:
    """In the file's order. Nothing within a unit is one: each element is looked at once, however deep a file is."""
    waiting = [file]
    while waiting:
        element = waiting.pop()
        if _name(element) == "trans-unit":
            yield element
        else:
            waiting.extend(reversed(element))


def _row(unit: Any, place: int, language: str) -> ReturnedRow:
    # Only children count: proposals (`alt-trans`) have targets of their own.
    parts = {_name(child): child for child in reversed(unit)}
    target = parts.get("target")
    context = {
        element.get("context-type"): _text(element) for element in unit.iter() if _name(element) == "context"
    }
    return ReturnedRow(
        place=place,
        key=unit.get("id", "").strip(),
        source=_text(parts.get("source")),
        target=_text(target),
        finished=_is_finished(unit, target),
        source_digest=digest_in(context.get(_SOURCE_DIGEST, "")),
        target_digest=digest_in(context.get(_TARGET_DIGEST, "")),
        remark=_remarks(unit),
        language=language_of(target.get(f"{{{_XML}}}lang") if target is not None else None) or language,
        unreadable="" if unit.get("id", "").strip() else _("This text has no id."),
    )


def _is_finished(unit: Any, target: Any) -> bool | None:
    if unit.get("approved") == "yes":
        return True
    state = "" if target is None else target.get("state", "")
    return not state.startswith(("needs-", "new")) if state else None


def _remarks(unit: Any) -> str:
    notes = [child for child in unit if _name(child) == "note" and child.get("from") != _OURS]
    return "\n".join(_text(note).strip() for note in notes)


def _text(element: Any) -> str:
    """All text, also what stands within the marks that programs set around sentences."""
    return "" if element is None else "".join(element.itertext())


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
