"""What runs on a site's data, in a process of its own, so that the benchmark itself stays small and still.

`python -m scripts.bench.inside.NAME …` with the site's environment; the last line it prints is JSON.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

# The workshop nobody is registered for, with 30 places that are given at once: the rush is for these.
EMPTY = "jugendaustausch"


def ready() -> None:
    """Sets Django up, for the settings that the environment names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")
    import django  # noqa: PLC0415

    django.setup()


def answer(value: Any) -> None:
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()
