"""Every described address, with something that exists filled in."""

from __future__ import annotations

import re

from tests.fuzz.conftest import Site
from tests.fuzz.described import description


def addresses(site: Site, method: str) -> list[str]:
    found = description()["paths"].items()
    return sorted(_filled(path, site) for path, operations in found if method in operations)


def _filled(path: str, site: Site) -> str:
    known = next((values[0] for part, values in site.known.items() if part in path), "1")
    values = {"language": "en", "slug": known, "token": known}
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], "1"), path)
