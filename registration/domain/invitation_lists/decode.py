"""From bytes to text, where nobody says which of the alphabets of the last forty years a file was saved in."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

# cp1254 is Windows’ Turkish alphabet: for German the same as cp1252 (Western) and ISO 8859-1, for Turkish the same as
# ISO 8859-9, and of the letters in which they differ (ý/ı, þ/ş, ð/ğ) ours are never the Icelandic ones. Then what old
# programs write: MS-DOS’s, and that of Macs.
_ONE_BYTE = ("cp1254", "cp857", "mac_turkish")
_OURS = frozenset("äöüßÄÖÜçğıöşüÇĞİÖŞÜâîûÂÎÛéèêáàëïôñÉ")
_PUNCTUATION = frozenset("„“”‚‘’–—…«»€\u00a0§°´")
_UNDEFINED = "\ufffd"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes) -> str:
    """The text, with the letters of both languages right. Never raises: what fits nowhere becomes “�”."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace").removeprefix("\ufeff")
    if name := _unmarked_utf_16(data):
        return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return max(_readings(data), key=_likelihood)


def _unmarked_utf_16(data: bytes) -> str:
    """Every second byte of an address in UTF-16 is zero."""
    start = data[:1000]
    first, second = start[0::2].count(0), start[1::2].count(0)
    if max(first, second) * 3 < len(start) // 2 or not start:
        return ""
    return "utf-16-be" if first > second else "utf-16-le"


def _readings(data: bytes) -> Iterable[str]:
    """The first one wins where several are as likely."""
    return (data.decode(name, "replace") for name in _ONE_BYTE)


def _likelihood(text: str) -> int:
    return sum(_weight(letter) for letter in text if not letter.isascii())


def _weight(letter: str) -> int:
    if letter in _OURS:
        return 2
    if letter in _PUNCTUATION:
        return 0
    return -4 if letter == _UNDEFINED or not letter.isalpha() else -1
