"""A caching proxy as it stands between a site and its readers: nginx, told nothing of which page is whose."""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.product import free_port
from tests.servers import HOST, Answer, WebServer, wait_until

CONFIG = """
{user}
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ }}
http {{
    access_log {directory}/access.log;
    log_subrequest on;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/temp;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    proxy_cache_path {directory}/pages levels=1 keys_zone=pages:1m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{site};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto https;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_cache pages;
            proxy_cache_key $http_host$request_uri;
            proxy_cache_revalidate on;
            proxy_cache_background_update on;
            proxy_cache_lock on;
            proxy_cache_use_stale updating error timeout http_500 http_502 http_503 http_504;
            add_header X-Cache $upstream_cache_status always;
        }}
    }}
}}
"""


@dataclass(frozen=True)
class Cache:
    port: int

    def get(self, path: str, **headers: str) -> Answer:
        talk = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(talk):
            talk.request("GET", path, headers={"Host": HOST, **named})
            response = talk.getresponse()
            return Answer(response.status, response.headers, response.read())

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.get("/health/live").status == 200
        return False


def _user() -> str:
    """Started by root it would serve as somebody who may not look into root's directories."""
    return "user root;" if os.getuid() == 0 else ""


@contextlib.contextmanager
def cache_before(server: WebServer, directory: Path) -> Iterator[Cache]:
    port = free_port()
    config = directory / "nginx.conf"
    config.write_text(CONFIG.format(user=_user(), directory=directory, port=port, site=server.port))
    process = subprocess.Popen(
        ["nginx", "-p", str(directory), "-c", str(config), "-e", str(directory / "start.log")]
    )
    try:
        cache = Cache(port)
        wait_until(cache.is_ready, what=f"nginx, see {directory}")
        yield cache
    finally:
        process.terminate()
        process.wait()
