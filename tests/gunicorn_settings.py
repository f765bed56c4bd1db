"""Gunicorn's settings as a production starts with them, read in a process of its own: to load them sets logging up."""

from __future__ import annotations

import functools
import json
import subprocess
import sys

from tests.conference.production import ENVIRONMENT
from tests.product import ROOT

_SCRIPT = """
import json
from conference import gunicorn as g
print(json.dumps({"timeout": g.timeout, "graceful_timeout": g.graceful_timeout, "keepalive": g.keepalive}))
"""


@functools.cache
def gunicorn_settings() -> dict[str, int]:
    """`timeout`, `graceful_timeout` and `keepalive`, in seconds."""
    result = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True
    )
    found: dict[str, int] = json.loads(result.stdout)
    return found
