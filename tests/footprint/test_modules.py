"""What a web process loads: nothing that only drawing, spreadsheets or the delivery of mail need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = ("PIL", "css_inline", "docx", "fontTools", "lxml", "openpyxl", "pdfplumber", "pypdfium2", "requests", "segno",
         "sentry_sdk", "weasyprint")  # fmt: skip
PREPARE = """
import conference.wsgi
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_demo", verbosity=0)
"""
# As gunicorn loads it, and then some pages.
SERVE = f"""
import json, sys
import conference.wsgi
loaded = set(sys.modules)
from django.test import Client
of_the_test = set(sys.modules) - loaded
client = Client(headers={{"host": "127.0.0.1"}})
pages = ("/health/live", "/de/", "/tr/programme/", "/programme.json", "/de/link/", "/accounts/login/", "/programme.pdf")
statuses = [client.get(page).status_code for page in pages]
heavy = [name for name in {HEAVY!r} if name in sys.modules]
print(json.dumps([statuses, heavy, sorted(set(sys.modules) - loaded - of_the_test)]))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[int], list[str], list[str]]:
    """Statuses of some pages; what heavy modules they loaded; what was loaded only for them."""
    directory = tmp_path_factory.mktemp("served")
    # No static files are collected here: the pages name them as they are.
    (directory / "plain_static.py").write_text(
        "from conference.settings.demo import *\n"
        'STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}\n'
        'CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}\n'
    )
    run(PREPARE, directory=directory)
    statuses, heavy, later = json.loads(run(SERVE, directory=directory).splitlines()[-1])
    return statuses, heavy, later


def run(code: str, *, directory: Path) -> str:
    environment = {"DATA_DIR": str(directory), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"}
    environment |= {"DJANGO_SETTINGS_MODULE": "plain_static", "PYTHONPATH": f"{directory}:{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.sqlite
def test_a_web_process_loads_nothing_of_what_draws_or_reads_files(
    served: tuple[list[int], list[str], list[str]],
) -> None:
    statuses, heavy, _later = served
    assert [statuses, heavy] == [[200] * 7, []]


@pytest.mark.sqlite
def test_what_pages_need_is_loaded_before_there_are_several_processes(
    served: tuple[list[int], list[str], list[str]],
) -> None:
    """What comes later, each of them has for itself."""
    _statuses, _heavy, later = served
    assert later == []
