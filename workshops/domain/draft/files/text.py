from __future__ import annotations

from workshops.domain.draft.values import Line


def decode(data: bytes) -> str:
    """Text in UTF-8 or UTF-16, else in Windows’ Turkish code page, whose letters for German are the same."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1254", "replace")


def read_txt(data: bytes) -> list[Line]:
    """Lines as they are; a line with tabs is a row of a table. Form feeds begin pages."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n\n\n\n")
    return [Line(number, tuple(line.split("\t"))) for number, line in enumerate(text.split("\n"), 1)]
