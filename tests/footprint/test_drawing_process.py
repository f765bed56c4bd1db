"""Drawing beside a web worker: the same drawing, and nothing is left of what it takes."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from PIL import Image
from pypdf import PdfReader

from workshops.domain.drawing_process import DrawingError, DrawingProcess
from workshops.domain.printing import Kind, draw_here

pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
pytestmark = pytest.mark.sqlite
PAGE = (
    "<html lang=tr><title>Köprü</title><style>@font-face{font-family:F;src:url(font:FiraSans-Regular.woff2)}"
    "body{font-family:F}</style><p>İstanbul<img src=picture:logo>"
)
LOGO = {
    "logo": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><rect width="9" height="3"/></svg>'
}


Drawing = Callable[..., DrawingProcess]


@pytest.fixture
def drawing() -> Iterator[Drawing]:
    """Makes what draws; ended with the test."""
    made: list[DrawingProcess] = []

    def make(**limits: float) -> DrawingProcess:
        made.append(DrawingProcess(**limits))
        return made[-1]

    yield make
    for each in made:
        each.end()


def children() -> list[int]:
    """Threads and processes may end between one look and the next."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found += [int(pid) for pid in (task / "children").read_text().split()]
    return [pid for pid in found if b"workshops.domain.drawing_process" in command_of(pid)]


def command_of(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def until_ended(pid: int) -> None:
    with contextlib.suppress(OSError):  # waited for already
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.02)


def test_it_draws_with_fonts_and_pictures_and_one_process_draws_them_all(drawing: Drawing) -> None:
    draw = drawing().draw
    pdf = draw("pdf", PAGE, LOGO)
    first = children()
    picture = draw("png", PAGE, LOGO)

    reader = PdfReader(io.BytesIO(pdf))
    assert (reader.pages[0].extract_text(), reader.metadata.title) == ("İstanbul", "Köprü")  # type: ignore[union-attr]
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "PNG"
    assert (len(first), children()) == (1, first)


def test_the_same_document_has_the_same_bytes_whoever_draws_it_and_when(drawing: Drawing) -> None:
    """Web and worker draw the programme under one ETag."""
    here, beside, later = draw_here("pdf", PAGE, LOGO), drawing().draw, drawing().draw
    second = beside("pdf", PAGE, LOGO)
    began = int(time.time())
    while int(time.time()) == began:
        time.sleep(0.05)

    assert [second, later("pdf", PAGE, LOGO)] == [here] * 2


def test_one_that_ended_meanwhile_is_replaced(drawing: Drawing) -> None:
    draw = drawing().draw
    draw("pdf", PAGE, LOGO)
    [first] = children()
    os.kill(first, signal.SIGKILL)
    until_ended(first)

    assert draw("pdf", PAGE, LOGO)[:5] == b"%PDF-"
    [second] = children()
    assert second != first


def test_it_ends_by_itself_when_nobody_asks_any_more(drawing: Drawing) -> None:
    draw = drawing(idle=0.1).draw
    draw("pdf", PAGE, LOGO)
    [process] = children()

    until_ended(process)
    assert draw("pdf", PAGE, LOGO)[:5] == b"%PDF-"


def test_what_takes_too_long_is_given_up_and_the_process_with_it(drawing: Drawing) -> None:
    draw = drawing(seconds=0.01).draw
    with pytest.raises(DrawingError, match="too slow"):
        draw("pdf", PAGE, LOGO)
    assert children() == []


def test_an_error_is_named_without_a_word_of_the_document(drawing: Drawing) -> None:
    draw = drawing().draw
    with pytest.raises(DrawingError) as caught:
        draw(cast("Kind", "jpeg"), "a secret", {})
    assert str(caught.value) == "ValueError"
