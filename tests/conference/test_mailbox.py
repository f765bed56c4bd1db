from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import clear_url_caches

from conference.mailbox import store

HTML = (
    '<html><head><title>x</title></head><body><a href="http://testserver/de/my/">Anmeldung</a></body></html>'
)


@pytest.fixture
def mailbox(tmp_path: Path, settings: object) -> Iterator[Path]:
    """Only settings that name a mailbox have its addresses: they are read anew, before and after."""
    settings.DEMO_MAILBOX_DIR = tmp_path / "mail"
    settings.EMAIL_BACKEND = "conference.mailbox.backend.MailboxBackend"
    _read_addresses_anew()
    yield tmp_path / "mail"
    settings.DEMO_MAILBOX_DIR = None
    _read_addresses_anew()


def _read_addresses_anew() -> None:
    sys.modules.pop("conference.mailbox.urls", None)
    importlib.reload(sys.modules[django_settings.ROOT_URLCONF])
    clear_url_caches()


def send(subject: str = "Einladung – Çağrı", html: str = HTML) -> None:
    text = "Guten Tag,\nhttp://testserver/de/invitation/abc/\n<b>kein HTML</b>"
    message = EmailMultiAlternatives(
        subject, text, "Konferenz <von@example.org>", ["Ayşe <ayse@example.org>"]
    )
    if html:
        message.attach_alternative(html, "text/html")
    message.send()


def test_messages_are_listed_newest_first(client: Client, db: None, mailbox: Path) -> None:
    send("Earlier")
    send("Later")

    page = client.get("/mailbox/").content.decode()

    assert page.index("Later") < page.index("Earlier")
    assert "ayse@example.org" in page


def test_a_message_shows_headers_text_and_working_links(client: Client, db: None, mailbox: Path) -> None:
    send()
    [stored] = store.newest(directory=mailbox)

    page = client.get(f"/mailbox/{stored.name}/").content.decode()

    assert "Einladung – Çağrı" in page
    assert "Ayşe" in page
    assert '<a href="http://testserver/de/invitation/abc/"' in page
    assert "&lt;b&gt;kein HTML&lt;/b&gt;" in page
    assert f'<iframe class="mail-html" src="/mailbox/{stored.name}/html/"' in page


def test_the_html_part_has_an_address_and_a_policy_of_its_own(
    client: Client, db: None, mailbox: Path
) -> None:
    send()
    [stored] = store.newest(directory=mailbox)

    response = client.get(f"/mailbox/{stored.name}/html/")

    assert '<base target="_top">' in response.content.decode()
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    policy = response["Content-Security-Policy"]
    assert (
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
        in policy
    )
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy


def test_a_message_without_html_has_no_such_part(client: Client, db: None, mailbox: Path) -> None:
    send(html="")
    [stored] = store.newest(directory=mailbox)

    assert client.get(f"/mailbox/{stored.name}/html/").status_code == 404
    assert "<iframe" not in client.get(f"/mailbox/{stored.name}/").content.decode()


@pytest.mark.parametrize("name", ["00000000000000000000-00000000", "..%2f..%2fsecrets", "x"])
def test_other_names_lead_nowhere(client: Client, db: None, mailbox: Path, name: str) -> None:
    assert client.get(f"/mailbox/{name}/").status_code == 404


def test_an_empty_mailbox_says_so(client: Client, db: None, mailbox: Path) -> None:
    assert "No message yet" in client.get("/mailbox/", headers={"accept-language": "en"}).content.decode()


def test_without_the_demo_there_is_no_mailbox(client: Client, db: None) -> None:
    assert client.get("/mailbox/").status_code == 404


def test_the_stored_file_is_the_whole_message_and_nothing_half_written_remains(mailbox: Path) -> None:
    send()

    [path] = list(mailbox.iterdir())
    assert path.suffix == ".eml"
    assert b"Message-ID: " in path.read_bytes()


def test_bcc_is_not_stored_with_the_message(mailbox: Path) -> None:
    EmailMultiAlternatives("s", "t", "a@example.org", ["b@example.org"], bcc=["hidden@example.org"]).send()

    [path] = list(mailbox.iterdir())
    assert b"hidden@example.org" not in path.read_bytes()
