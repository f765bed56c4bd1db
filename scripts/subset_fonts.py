"""Makes the fonts of the pages from the vendored ones: what German, Turkish and English need, in one file a weight.

Never one file for "latin" and another for "latin-ext": a family split in two makes WeasyPrint draw wrong İ, ş and ğ,
silently, and a page would wait for two files. The PDFs use the whole, vendored files.

    .venv/bin/python scripts/subset_fonts.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "static" / "vendor" / "kern" / "fonts" / "fira-sans"
TARGET = ROOT / "static" / "fonts"
WEIGHTS = {"Regular": "fira-sans-400", "SemiBold": "fira-sans-600", "Italic": "fira-sans-400-italic"}
# ASCII, Latin-1 and Latin Extended-A (names of guests from all over Europe), Ș ș Ț ț, ẞ, dashes, quotation marks,
# the bullet, the ellipsis, primes, narrow spaces, the arrows of "Deutsch ↔ Türkisch", € ₺, the real minus sign.
RANGES = (
    range(0x20, 0x7F),
    range(0xA0, 0x180),
    range(0x218, 0x21C),
    (0x1E9E, 0x2009, 0x200A, 0x202F, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E),
    (
        0x2022,
        0x2026,
        0x2030,
        0x2032,
        0x2033,
        0x2039,
        0x203A,
        0x20AC,
        0x20BA,
        0x2116,
        0x2190,
        0x2192,
        0x2194,
        0x2212,
    ),
)
# Without "locl" a Turkish "fi" could be drawn as one letter that has lost its dot.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "lnum"]


def characters() -> list[int]:
    return sorted({code for codes in RANGES for code in codes})


def make(weight: str, name: str) -> Path:
    options = subset.Options(
        flavor="woff2", layout_features=FEATURES, hinting=False, desubroutinize=True, notdef_outline=True
    )
    font = subset.load_font(str(SOURCE / f"FiraSans-{weight}.woff2"), options)
    made = subset.Subsetter(options)
    made.populate(unicodes=characters())
    made.subset(font)
    target = TARGET / f"{name}.woff2"
    subset.save_font(font, str(target), options)
    return target


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for weight, name in WEIGHTS.items():
        made = make(weight, name)
        sys.stdout.write(f"{made.relative_to(ROOT)}: {made.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
