"""Files as they go out and come back, for tests of the two formats."""

from __future__ import annotations

from typing import Any

import pytest

from workshops.domain.draft.errors import DraftFileError
from workshops.domain.translations.exchange.read_returned import read_returned
from workshops.domain.translations.exchange.values import Batch, ReturnedRow, Unit
from workshops.domain.translations.exchange.xliff import NAMESPACE
from workshops.domain.translations.values import State, digest_of


def unit(source: str = "Begrüßung", target: str = "", **values: Any) -> Unit:
    defaults: dict[str, Any] = {
        "key": "workshops.session.42.title",
        "context": "Workshop 2 · Day 1 · 2.1 · Session: title",
        "hints": ("At most 200 characters.", "One line."),
        "source": source,
        "target": target,
        "state": State.TRANSLATED if target else State.MISSING,
        "source_digest": digest_of(source),
        "target_digest": digest_of(target),
        "max_length": 200,
    }
    return Unit(**{**defaults, **values})


def batch(*units: Unit) -> Batch:
    return Batch(name="koprue", source_language="de", target_language="tr", units=units or (unit(),))


def only_row(data: bytes) -> ReturnedRow:
    (row,) = read_returned(data=data).rows
    return row


def xliff(unit: str, **attributes: str) -> bytes:
    """A file as an office's program may write it."""
    said = {"source-language": "de", "target-language": "tr", **attributes}
    written = " ".join(f'{name}="{value}"' for name, value in said.items() if value)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><xliff version="1.2" xmlns="{NAMESPACE}">'
        f'<file original="x" datatype="plaintext" {written}><body>{unit}</body></file></xliff>'
    ).encode()


UNIT = '<trans-unit id="a"><source>Tag</source><target>Gün</target></trans-unit>'


def refusal(data: bytes) -> str:
    with pytest.raises(DraftFileError) as error:
        read_returned(data=data)
    return str(error.value)
