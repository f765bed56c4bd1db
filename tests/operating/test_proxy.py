"""What the TLS proxy of the compose file does, and what it keeps from the application."""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from conference.data_dir import ROOT
from conference.middleware import ReadToTheEnd
from tests.gunicorn_settings import gunicorn_settings
from tests.operating.proxy import CADDY, CADDYFILE, Proxy, Reader, caddy, proxied_site
from workshops.domain.material.check_file import LARGEST_FILE
from workshops.domain.release import release_programme
from workshops.models import Conference

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with proxied_site(tmp_path_factory.mktemp("proxy")) as proxy:
        yield proxy


@pytest.fixture
def conference(conference: Conference) -> Conference:
    release_programme(conference=conference)
    return conference


def test_a_reader_gets_pages_over_tls_and_is_told_to_stay_there(site: Proxy, conference: Conference) -> None:
    answer = Reader(site).get("/en/link/")

    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert re.findall(r"^(__Host-csrftoken)=", answer.headers["Set-Cookie"]) == ["__Host-csrftoken"]
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Server" not in answer.headers


def test_who_comes_without_tls_is_sent_to_it_and_reaches_nothing(site: Proxy, conference: Conference) -> None:
    talk = http.client.HTTPConnection("localhost", site.plain_port, timeout=20)
    with contextlib.closing(talk):
        talk.request("GET", "/en/link/", headers={"X-Forwarded-Proto": "https"})
        answer = talk.getresponse()
        body = answer.read()

    assert (answer.status, answer.headers["Location"], body) == (308, "https://localhost/en/link/", b"")


def test_limits_count_the_readers_own_address_whatever_is_forged(site: Proxy, conference: Conference) -> None:
    forger, other = Reader(site, "127.0.0.2"), Reader(site, "127.0.0.3")

    statuses = [forger.post("/en/link/", {"email": ""}, **forged(number)).status for number in range(31)]

    assert statuses == [422] * 30 + [429]
    assert other.post("/en/link/", {"email": ""}).status == 422


def forged(number: int) -> dict[str, str]:
    address = f"198.51.100.{number}"
    return {
        "X-Forwarded-For": address,
        "Forwarded": f"for={address};proto=http",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Real-IP": address,
    }


def test_a_request_gets_a_number_of_the_proxys_own(site: Proxy, conference: Conference) -> None:
    answer = Reader(site).get("/en/", **{"X-Request-ID": "chosen-by-somebody"})

    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-ID"])


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/metrics?x=1"])
def test_figures_are_not_for_the_outside(site: Proxy, conference: Conference, path: str) -> None:
    inside = http.client.HTTPConnection("127.0.0.1", site.upstream, timeout=20)
    shown = {"Authorization": "Bearer inside", "Host": "conference.example"}
    with contextlib.closing(inside):
        inside.request("GET", "/metrics", headers=shown)
        there = inside.getresponse().status

    assert there == 200
    assert Reader(site).get(path, Authorization="Bearer inside").status == 404


def test_a_body_larger_than_any_upload_is_refused_before_the_application(
    site: Proxy, conference: Conference
) -> None:
    larger = Reader(site).post("/en/link/", {"email": "x" * 33_000_000})
    largest = Reader(site).post("/en/link/", {"email": "x" * 25_000_000})

    assert (larger.status, larger.text) == (413, "")
    assert largest.status == 413
    assert "That was too much at once" in largest.text


def test_somebody_who_sends_a_byte_now_and_then_holds_no_worker(site: Proxy, conference: Conference) -> None:
    """More of them than gunicorn has threads, all in the middle of a form."""
    reader = Reader(site)
    connections = [slow_form(site) for _ in range(40)]

    answer = reader.get("/en/link/")

    assert answer.status == 200
    for connection in connections:
        connection.close()


def slow_form(site: Proxy) -> http.client.HTTPSConnection:
    talk = http.client.HTTPSConnection("localhost", site.port, timeout=60, context=site.trusted())
    talk.putrequest("POST", "/en/link/")
    talk.putheader("Content-Length", "20000")
    talk.endheaders(b"email=")
    return talk


def test_compression_is_left_to_the_application(site: Proxy, conference: Conference) -> None:
    packed = Reader(site).get("/en/", **{"Accept-Encoding": "gzip"})
    plain = Reader(site).get("/en/link/", **{"Accept-Encoding": "identity"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Content-Encoding"] is None


def test_no_personal_link_is_written_down_when_the_site_breaks_off(tmp_path: Path) -> None:
    token = "T" * 43
    with (
        socket.create_server(("127.0.0.1", 0)) as rude,
        caddy(tmp_path, upstream=rude.getsockname()[1]) as site,
    ):
        threading.Thread(target=hang_up_on, args=[rude], daemon=True).start()
        answer = Reader(site).post(f"/en/invitation/{token}/", {"a": "b"}, Cookie="theirs")
        said = site.log.read_text()

    assert answer.status == 502
    assert [line for line in said.splitlines() if '"level":"error"' in line] != []
    assert [word for word in (token, "theirs", "remote_ip") if word in said] == []


def hang_up_on(server: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            server.accept()[0].close()


def test_its_own_health_check_answers(site: Proxy) -> None:
    talk = http.client.HTTPConnection("127.0.0.1", site.health_port, timeout=20)
    with contextlib.closing(talk):
        talk.request("GET", "/")
        assert talk.getresponse().status == 204


def test_caddy_waits_longer_for_an_answer_than_gunicorn_and_gives_up_a_connection_earlier() -> None:
    text = CADDYFILE.read_text()

    ours = gunicorn_settings()
    assert seconds(text, "response_header_timeout") > ours["timeout"]
    assert seconds(text, "keepalive") < ours["keepalive"] or ours["keepalive"] == 0


def seconds(text: str, name: str) -> int:
    found = re.search(rf"^\s*{name} (\d+)s$", text, re.MULTILINE)
    assert found
    return int(found.group(1))


def test_the_limit_of_a_body_lies_between_the_largest_upload_and_what_the_application_reads() -> None:
    found = re.search(r"max_size (\d+)MB", CADDYFILE.read_text())
    assert found

    assert LARGEST_FILE + 1_000_000 < int(found.group(1)) * 1_000_000 < ReadToTheEnd.AT_MOST


def test_the_image_is_of_the_version_that_is_tested_here() -> None:
    version = subprocess.run([CADDY, "version"], capture_output=True, text=True, check=True).stdout
    image = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["caddy"]["image"]

    assert image == f"caddy:{'.'.join(version.lstrip('v').split('.')[:2])}-alpine"
