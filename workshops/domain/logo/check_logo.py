"""Which file may be a logo: a PNG, or an SVG that draws and does nothing else.

No logo is ever sent to a browser as a document of its own; still nothing is kept that could run, fetch, or take
long to draw.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext_lazy as _

from workshops.domain.draft.errors import DraftFileError
from workshops.domain.logo.svg import SvgError, drawing_only
from workshops.domain.trial_drawing.child import try_drawing
from workshops.models import Logo

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
    from PIL import Image

LARGEST_FILE = 512 * 1024
LARGEST_SIDE = 4_000
SMALLEST_SIDE = 40
_PNG = b"\x89PNG\r\n\x1a\n"


class LogoError(ValueError):
    """A file that is no logo; `message` is for people, in their language."""

    def __init__(self, message: StrOrPromise) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Checked:
    """What is kept of a file: the picture, without what came along with it."""

    content_type: str
    data: bytes


def check_logo(*, data: bytes) -> Checked:
    """Raises LogoError."""
    if len(data) > LARGEST_FILE:
        raise LogoError(_("The file is larger than 512 KB."))
    if data.startswith(_PNG):
        return Checked(Logo.Type.PNG, _png(data))
    return Checked(Logo.Type.SVG, _svg(data))


def _svg(data: bytes) -> bytes:
    """Drawn once, elsewhere: what would never be done must not be begun for each picture and PDF of the site."""
    try:
        drawing = drawing_only(data)
        try_drawing(data=drawing)
    except SvgError as error:
        raise LogoError(error.message) from error
    except DraftFileError as error:
        raise LogoError(str(error)) from error
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise LogoError(_("This is neither a PNG nor an SVG file that can be read.")) from error
    return drawing


def _png(data: bytes) -> bytes:
    """Drawn anew, so that nothing but the picture remains: no place, no name, no program."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 (large, and most processes never need it)

    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            _check_size(image)
            # Whoever else draws in this process may have told Pillow to put up with half a picture.
            image.verify()
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            kept = io.BytesIO()
            _plain(image).save(kept, "PNG", optimize=True)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, LogoError):
            raise
        raise LogoError(_("The PNG file is damaged.")) from error
    return kept.getvalue()


def _check_size(image: Image.Image) -> None:
    """By what the file says of itself, before anything is unpacked."""
    if max(image.size) > LARGEST_SIDE:
        raise LogoError(_("The picture is more than 4,000 pixels wide or high."))
    if min(image.size) < SMALLEST_SIDE:
        raise LogoError(_("The picture is less than 40 pixels wide or high: too little to be printed."))


def _plain(image: Image.Image) -> Image.Image:
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    return image.convert("RGBA" if has_alpha else "RGB")
