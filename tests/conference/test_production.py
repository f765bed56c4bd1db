from __future__ import annotations

import json
import subprocess
import sys

import pytest

from conference.data_dir import ROOT
from tests.conference.production import ENVIRONMENT, VALUES

pytestmark = pytest.mark.sqlite

PRINT_SETTINGS = """
import json
from django.conf import settings as s
print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,
    s.SECURE_SSL_REDIRECT, s.SECURE_PROXY_SSL_HEADER, s.DEBUG, s.DEMO_MAILBOX_DIR,
    s.ADMIN_REQUIRES_SECOND_FACTOR]))
"""


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in {**ENVIRONMENT, **changes}.items() if value}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", sorted(VALUES))
def test_production_refuses_to_start_in_one_line_if_a_value_is_missing(name: str) -> None:
    result = run("manage.py", "check", **{name: ""})

    assert result.returncode == 1
    assert result.stderr.strip() == f"Köprü does not start: set {name} in the environment."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIELD_KEYS", "abc"),
        ("DATABASE_URL", "rubbish"),
        ("EMAIL_URL", "rubbish"),
        ("MAIL_RATE", "0"),
        ("MAIL_RATE", "-5"),
        ("MAIL_RATE", "60/min"),
    ],
)
def test_production_refuses_in_one_line_what_it_cannot_read(name: str, value: str) -> None:
    result = run("manage.py", "check", **{name: value})

    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith(name)


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "gunicorn", "-c", "python:conference.gunicorn", "conference.wsgi"],
        ["-m", "celery", "-A", "conference", "worker"],
        ["-m", "celery", "-A", "conference.beat", "beat"],
    ],
)
def test_every_process_refuses_alike(command: list[str]) -> None:
    result = run(*command, SECRET_KEY="", PORT="0")

    assert result.returncode != 0
    assert "Köprü does not start: set SECRET_KEY in the environment." in result.stderr
    assert "Traceback" not in result.stderr


def test_djangos_deployment_check_has_nothing_to_say() -> None:
    result = run("manage.py", "check", "--deploy", "--fail-level=WARNING")

    assert (result.returncode, result.stdout.strip()) == (
        0,
        "System check identified no issues (0 silenced).",
    )


def test_cookies_are_bound_to_the_host_the_mailbox_is_absent_and_a_second_factor_is_asked_for() -> None:
    result = run("-c", PRINT_SETTINGS)

    assert json.loads(result.stdout) == [
        "__Host-sessionid", "__Host-csrftoken", True, True,
        True, ["HTTP_X_FORWARDED_PROTO", "https"], False, None, True,
    ]  # fmt: skip


def test_former_keys_are_read_without_what_surrounds_them() -> None:
    script = "from django.conf import settings as s; print(s.SECRET_KEY_FALLBACKS)"
    results = [run("-c", script, SECRET_KEY_FALLBACKS=value) for value in (" one , ,two,", " ", "")]

    assert [result.stdout.strip() for result in results] == ["['one', 'two']", "[]", "[]"]


def test_no_proxy_header_is_believed_unless_named() -> None:
    result = run("-c", PRINT_SETTINGS, PROXY_SSL_HEADER="")

    assert json.loads(result.stdout)[5] is None
