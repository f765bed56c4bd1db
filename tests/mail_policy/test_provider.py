"""Which provider the environment names, what it must prove, and that our number goes with each mail."""

from __future__ import annotations

import http.server
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.mail import get_connection

from conference.data_dir import ROOT
from conference.mail_provider import PROVIDERS, mail_provider
from registration.domain.unsubscribe import unsubscribe_token
from registration.mails.render import render
from tests.conference.production import ENVIRONMENT
from tests.mail_policy.conftest import Sent

RESOLVE = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "conference.example"})
answers = [client.post(f"/anymail/{name}/tracking/", secure=True).status_code for name in ("mailgun", "postmark")]
print(json.dumps([settings.EMAIL_BACKEND, settings.ANYMAIL, answers]))
"""
MAILGUN = {"MAIL_PROVIDER": "mailgun", "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": "key"}


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in {**ENVIRONMENT, **changes}.items() if value}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_without_a_provider_there_is_no_address_for_reports(client: Any) -> None:
    assert mail_provider(has_smtp=True, timeout=10, environment={}) == {}
    assert [client.post(f"/anymail/{name}/tracking/").status_code for name in PROVIDERS] == [404] * len(
        PROVIDERS
    )


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_provider_without_proof_of_its_reports_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(SystemExit) as refused:
        mail_provider(has_smtp=True, timeout=10, environment={"MAIL_PROVIDER": name})
    proof = PROVIDERS[name].proof
    assert str(refused.value) == f"MAIL_PROVIDER is {name}: set ANYMAIL_{proof} in the environment."


@pytest.mark.parametrize("name", PROVIDERS)
def test_without_smtp_the_keys_of_the_interface_are_asked_for_as_well(name: str) -> None:
    provider = PROVIDERS[name]
    proof = {f"ANYMAIL_{provider.proof}": "reports:long"}
    with pytest.raises(SystemExit) as refused:
        mail_provider(has_smtp=False, timeout=10, environment={"MAIL_PROVIDER": name, **proof})
    keys = ", ".join(f"ANYMAIL_{key}" for key in provider.keys)
    assert str(refused.value) == f"MAIL_PROVIDER is {name}: set {keys} in the environment."


def test_an_unknown_provider_and_an_unreadable_password_are_named() -> None:
    for environment, said in (
        ({"MAIL_PROVIDER": "pigeon"}, "MAIL_PROVIDER: “pigeon” is not known. There are: brevo, mailgun, "),
        (
            {"MAIL_PROVIDER": "brevo", "ANYMAIL_WEBHOOK_SECRET": "a:b, nocolon"},
            "ANYMAIL_WEBHOOK_SECRET cannot be read. Expected: user:password",
        ),
    ):
        with pytest.raises(SystemExit) as refused:
            mail_provider(has_smtp=True, timeout=10, environment=environment)
        assert str(refused.value).startswith(said)


def test_what_anymail_reads_comes_from_the_environment() -> None:
    environment = {
        "MAIL_PROVIDER": " Mailgun ",
        "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY": "key",
        "ANYMAIL_MAILGUN_API_KEY": "api",
        "ANYMAIL_MAILGUN_API_URL": "https://api.eu.mailgun.net/v3",
        "ANYMAIL_WEBHOOK_SECRET": "new:one, old:one",
        "ANYMAIL_POSTMARK_SERVER_TOKEN": "",
    }
    assert mail_provider(has_smtp=False, timeout=10, environment=environment) == {
        "MAIL_PROVIDER": "mailgun",
        "EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend",
        "ANYMAIL": {
            "REQUESTS_TIMEOUT": 10,
            "MAILGUN_WEBHOOK_SIGNING_KEY": "key",
            "MAILGUN_API_KEY": "api",
            "MAILGUN_API_URL": "https://api.eu.mailgun.net/v3",
            "WEBHOOK_SECRET": ["new:one", "old:one"],
        },
    }


def test_every_process_of_production_is_given_what_a_provider_asks_for() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    asked = {f"ANYMAIL_{key}" for provider in PROVIDERS.values() for key in (provider.proof, *provider.keys)}
    for name in ("web", "worker", "beat"):
        assert asked | {"MAIL_PROVIDER"} <= set(services[name]["environment"])


def test_the_operators_page_names_every_provider_and_key() -> None:
    page = (ROOT / "docs" / "mail-provider.md").read_text("utf-8")
    table = {
        row[0]: (row[1], set(row[2]))
        for row in (
            (cells[1].strip(" `"), cells[2].strip(" `"), re.findall(r"`(ANYMAIL_\w+)`", cells[4]))
            for cells in (line.split("|") for line in page.splitlines() if "/tracking/`" in line)
        )
    }
    named = {
        name: (f"ANYMAIL_{provider.proof}", {f"ANYMAIL_{key}" for key in provider.keys})
        for name, provider in PROVIDERS.items()
    }
    assert {name: (proof, keys & named[name][1]) for name, (proof, keys) in table.items()} == named


def test_production_does_not_start_without_the_proof() -> None:
    result = run("manage.py", "check", MAIL_PROVIDER="mailgun")
    line = "MAIL_PROVIDER is mailgun: set ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY in the environment."
    assert (result.returncode, result.stderr.strip()) == (1, line)


def test_in_production_only_the_named_provider_can_report_and_smtp_stays() -> None:
    result = run("-c", RESOLVE, **MAILGUN)
    assert json.loads(result.stdout) == [
        "django.core.mail.backends.smtp.EmailBackend",
        {"REQUESTS_TIMEOUT": 10, "MAILGUN_WEBHOOK_SIGNING_KEY": "key"},
        [400, 404],
    ]


def test_without_smtp_mail_leaves_through_the_provider() -> None:
    result = run("-c", RESOLVE, **MAILGUN, EMAIL_URL="", ANYMAIL_MAILGUN_API_KEY="api")
    assert json.loads(result.stdout)[0] == "anymail.backends.mailgun.EmailBackend"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("provider", "header", "value"),
    [
        ("", None, None),
        ("brevo", "X-Mailin-custom", '{"message": "KEY"}'),
        ("mailgun", "X-Mailgun-Variables", '{"message": "KEY"}'),
        ("mailjet", "X-MJ-EventPayload", '{"message": "KEY"}'),
        ("mailtrap", "X-MT-Custom-Variables", '{"message": "KEY"}'),
        ("postmark", "X-PM-Metadata-message", "KEY"),
        ("sparkpost", "X-MSYS-API", '{"metadata": {"message": "KEY"}}'),
    ],
)
def test_by_smtp_our_number_goes_with_the_mail_in_the_provider_s_form(
    sent: Sent, settings: Any, provider: str, header: str | None, value: str | None
) -> None:
    settings.MAIL_PROVIDER = provider
    message = sent()
    mail = render(message=message)
    ours = {name: text for name, text in mail.extra_headers.items() if str(message.pk) in text}
    del ours["Message-ID"]
    assert ours == ({header: value.replace("KEY", str(message.pk))} if header and value else {})


class _Interface(http.server.BaseHTTPRequestHandler):
    """A provider's interface, that takes what is posted."""

    taken: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        self.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        answer = {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": self.taken[-1]["To"]}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def interface() -> Iterator[str]:
    _Interface.taken.clear()
    with http.server.HTTPServer(("127.0.0.1", 0), _Interface) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.django_db
def test_through_the_interface_header_and_number_arrive_too(
    sent: Sent, settings: Any, interface: str
) -> None:
    settings.MAIL_PROVIDER, settings.EMAIL_BACKEND = "postmark", "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "POSTMARK_API_URL": interface}
    message = sent()
    assert message.link is not None

    mail = render(message=message)
    assert get_connection().send_messages([mail]) == 1

    [taken] = _Interface.taken
    headers = {header["Name"]: header["Value"] for header in taken["Headers"]}
    assert taken["Metadata"] == {"message": str(message.pk)}
    assert headers["Message-ID"] == message.message_id
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["List-Unsubscribe"].endswith(f"/de/unsubscribe/{unsubscribe_token(link=message.link)}/>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.anymail_status.message_id == "b7bc2f4a"  # type: ignore[attr-defined]
