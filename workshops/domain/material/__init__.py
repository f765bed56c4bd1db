"""What goes with a session: slides, handouts and links, checked when they come, sent to whom they are for."""

from workshops.domain.material.check_file import (
    ENDINGS,
    LARGEST_FILE,
    CheckedFile,
    MaterialError,
    check_file,
    too_large,
)
from workshops.domain.material.find_file import find_file
from workshops.domain.material.put_file import put_file
from workshops.domain.material.shown import MaterialOf, material_for, with_material

__all__ = [
    "ENDINGS",
    "LARGEST_FILE",
    "CheckedFile",
    "MaterialError",
    "MaterialOf",
    "check_file",
    "find_file",
    "material_for",
    "put_file",
    "too_large",
    "with_material",
]
