"""The containers' health checks: `python scripts/alive.py web|worker|beat` exits with 0 while it works.

Standard library only, so that asking every few seconds costs next to nothing.
"""

import http.client
import os
import sys
import tempfile
import time
from pathlib import Path

SILENT_SECONDS = 60


def web() -> bool:
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip().lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=4)
    connection.request("GET", "/health/live", headers={"Host": "localhost" if host == "*" else host})
    return connection.getresponse().status == http.HTTPStatus.OK


def process(name: str) -> bool:
    sign = Path(os.environ.get("DATA_DIR") or tempfile.gettempdir()) / f"{name}.alive"
    return time.time() - sign.stat().st_mtime < SILENT_SECONDS


def main(name: str) -> int:
    try:
        return 0 if (web() if name == "web" else process(name)) else 1
    except (OSError, http.client.HTTPException, ValueError) as error:
        sys.stderr.write(f"{name}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "web"))
