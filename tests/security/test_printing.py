"""Organisers' texts are printed and mailed; nothing in them makes the server fetch or run anything."""

from __future__ import annotations

import http.server
import io
import threading
from collections.abc import Iterator

import pytest
from django.test import Client

from registration.mails.render import render
from registration.models import Message
from tests.outbox.conftest import Owe, event, owe  # noqa: F401 (fixtures)
from workshops.domain.release import release_programme
from workshops.models import Conference, Platform, Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def trap() -> Iterator[tuple[str, list[str]]]:
    """A server that keeps who asks it for what."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def bait(trap: str, secret_file: str) -> str:
    return (
        f'<img src="{trap}/img"><link rel="stylesheet" href="{trap}/css">'
        f"<style>@import url({trap}/import); @font-face {{font-family: x; src: url({trap}/font)}}"
        f"body {{background: url({trap}/background)}}</style><object data='file://{secret_file}'></object>"
        f'<iframe src="file://{secret_file}"></iframe><link rel="attachment" href="file://{secret_file}">'
        f"![x]({trap}/markdown) [y](file://{secret_file}) <script>alert(1)</script> {{{{ settings.SECRET_KEY }}}}"
    )


@pytest.fixture
def baited(event: Workshop, trap: tuple[str, list[str]], tmp_path) -> Workshop:  # type: ignore[no-untyped-def]  # noqa: F811
    """Every text an organiser can write carries the bait."""
    file = tmp_path / "secret.txt"
    file.write_text("canary-file")
    text = bait(trap[0], str(file))
    for model in (Conference, Workshop, Platform):
        names = [
            field.name
            for field in model._meta.fields
            if field.get_internal_type() == "TextField" and field.name.endswith(("_de", "_tr", "_en"))
        ]
        model.objects.update(**dict.fromkeys(names, text))
    Workshop.objects.update(title_de=text[:150])
    event.refresh_from_db()
    release_programme(conference=event.conference)
    return event


def test_the_printed_programme_fetches_nothing(
    baited: Workshop, trap: tuple[str, list[str]], client: Client
) -> None:
    pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
    from pypdf import PdfReader

    answer = client.get("/programme.pdf?lang=de")
    pdf = PdfReader(io.BytesIO(answer.content))

    assert (answer.status_code, trap[1]) == (200, [])
    assert list(pdf.attachments) == []
    assert b"canary-file" not in answer.content
    assert "canary-file" not in " ".join(page.extract_text() for page in pdf.pages)


def test_pages_and_mails_keep_the_bait_as_text(
    baited: Workshop,
    trap: tuple[str, list[str]],
    owe: Owe,  # noqa: F811
    client: Client,
) -> None:
    message = owe(Message.Kind.CONFIRMED)
    pages = [
        client.get(f"/de/{page}").content.decode() for page in ("", f"workshops/{baited.slug}/", "programme/")
    ]
    html = str(render(message=message).alternatives[0][0])

    for said in (*pages, html):
        for live in (
            "<script>alert",
            "<iframe",
            "<object",
            "<style>@import",
            '<img src="http',
            '<a href="file:',
            "only-for-tests",
        ):
            assert live not in said, said[said.find(live) - 60 :][:160]
    assert trap[1] == []
