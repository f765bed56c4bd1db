from __future__ import annotations

from tests.workshops.conftest import released

__all__ = ["released"]
