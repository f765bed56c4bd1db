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
# As gunicorn loads it, and then some pages.
SERVE = f"""
import json, sys
from django.core.management import call_command
import conference.wsgi
call_command("migrate", verbosity=0)
call_command("load_demo", verbosity=0)
from django.test import Client
client = Client(headers={{"host": "127.0.0.1"}})
pages = ("/health/live", "/de/", "/tr/programme/", "/programme.json", "/de/link/", "/accounts/login/", "/programme.pdf")
statuses = [client.get(page).status_code for page in pages]
print(json.dumps([statuses, [name for name in {HEAVY!r} if name in sys.modules]]))
"""


@pytest.mark.sqlite
def test_a_web_process_loads_nothing_of_what_draws_or_reads_files(tmp_path: Path) -> None:
    environment = {"DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "ignore"}
    # No static files are collected here: the pages name them as they are.
    settings = (tmp_path / "plain_static.py").write_text(
        "from conference.settings.demo import *\n"
        'STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}\n'
        'CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}\n'
    )
    assert settings
    environment |= {"DJANGO_SETTINGS_MODULE": "plain_static", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", SERVE], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == [[200] * 7, []]
