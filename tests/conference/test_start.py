"""The one-command start, with real processes in a data directory of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conference.data_dir import ROOT

START = [sys.executable, "-m", "conference.start"]
UNSET = {
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "BASE_URL",
    "ALLOWED_HOSTS",
    "DJANGO_SETTINGS_MODULE",
    "MAKELEVEL",
}


class Running:
    """A started demo, and what it has printed so far."""

    def __init__(self, directory: Path, port: int) -> None:
        self.directory, self.port = directory, port
        self.printed = directory.parent / "printed.txt"
        self.environment = environment(directory, port)
        with self.printed.open("w") as output:
            self.process = subprocess.Popen(
                START, env=self.environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
            )

    def wait_until_ready(self) -> None:
        assert wait_for(lambda: "Logs:" in self.text() or self.process.poll() is not None, 300), self.text()
        assert "Ready: " in self.text(), self.text()

    def text(self) -> str:
        return self.printed.read_text()

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", path, headers={"Accept-Language": "en"})
            response = connection.getresponse()
            return response.status, response.read().decode()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=120)

    def members(self) -> list[int]:
        """Every process with this data directory in its environment, however deep below the supervisor."""
        mark = f"DATA_DIR={self.directory}".encode()
        return [pid for pid in processes() if mark in proc(pid, "environ").split(b"\0")]


def environment(directory: Path, port: int) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in UNSET}
    return {**kept, "DATA_DIR": str(directory), "PORT": str(port)}


def processes() -> list[int]:
    return [
        int(path.name)
        for path in Path("/proc").iterdir()
        if path.name.isdigit() and int(path.name) != os.getpid()
    ]


def proc(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def wait_for(condition: Callable[[], object], seconds: float = 120) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_once(directory: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    values = {**environment(directory, free_port()), **changes}
    return subprocess.run(
        START, env=values, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("demo") / "with space", free_port())
    running.wait_until_ready()
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGTERM)


def test_the_start_prints_address_sign_in_and_mailbox(demo: Running) -> None:
    base = f"http://127.0.0.1:{demo.port}/"

    assert f"\nReady: {base}\n" in demo.text()
    assert re.search(
        rf"^Organiser: {base}admin/  e-mail: organiser@example\.org  password: \S+$", demo.text(), re.M
    )
    assert f"\nMail: {base}mailbox/\n" in demo.text()
    assert demo.get("/de/")[0] == 200


def test_the_printed_password_signs_in(demo: Running) -> None:
    found = re.search(r"password: (\S+)", demo.text())
    assert found
    sign_in = f"authenticate(email='organiser@example.org', password={found.group(1)!r})"
    code = f"from django.contrib.auth import authenticate; print({sign_in})"

    assert demo.manage("shell", "-v", "0", "-c", code).stdout.strip() == "organiser@example.org"


def test_worker_and_beat_are_alive(demo: Running) -> None:
    assert wait_for(lambda: json.loads(demo.get("/health/ready")[1])["status"] == "ready")
    assert wait_for((demo.directory / "beat.alive").exists)


def test_manage_in_another_shell_acts_on_the_same_data_and_the_worker_delivers(demo: Running) -> None:
    result = demo.manage("invite", "zuerst@example.org", "--workshop", "digitale-stadt", "--language", "de")

    assert result.returncode == 0, result.stderr
    assert wait_for(lambda: "zuerst@example.org" in demo.get("/mailbox/")[1])
    message = re.search(r'href="(/mailbox/[\w-]+/)"', demo.get("/mailbox/")[1])
    assert message
    page = demo.get(message.group(1))[1]
    link = re.search(rf"http://127\.0\.0\.1:{demo.port}(/de/invitation/[^\"<\s]+)", page)
    assert link
    assert demo.get(link.group(1))[0] in {200, 303}


def test_ten_megabytes_get_a_page_and_not_a_broken_connection(demo: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", demo.port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", "/accounts/login/")
        page = connection.getresponse()
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)', page.read().decode())
        assert token
        headers = {
            "Cookie": page.headers["Set-Cookie"].split(";")[0],
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Language": "en",
        }
        body = f"csrfmiddlewaretoken={token.group(1)}&login={'x' * 10_000_000}"
        connection.request("POST", "/accounts/login/", body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()

    assert answer.status == 413
    assert "That was too much at once" in text


def test_all_processes_together_take_at_most_600_megabytes(demo: Running) -> None:
    demo.get("/de/programme/")
    kilobytes = 0
    for pid in demo.members():
        found = re.search(rb"Pss:\s+(\d+)", proc(pid, "smaps_rollup"))
        kilobytes += int(found.group(1)) if found else 0

    assert 50_000 < kilobytes < 600_000


def test_a_second_start_on_the_same_data_is_refused_in_one_line(demo: Running) -> None:
    result = start_once(demo.directory)

    assert result.returncode == 1
    assert result.stderr == f"Köprü already runs on {demo.directory} (process {demo.process.pid}).\n"


def test_a_port_in_use_is_named_in_one_line(demo: Running, tmp_path: Path) -> None:
    result = start_once(tmp_path, PORT=str(demo.port))

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Port {demo.port} is in use.")
    assert result.stderr.count("\n") == 1


def test_a_data_directory_that_cannot_be_written_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")  # root, who runs the tests in CI, may write into read-only directories

    result = start_once(tmp_path / "file" / "var")

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("DATA_DIR cannot be written: ")
    assert result.stderr.count("\n") == 1


def test_a_missing_module_is_named_in_one_line(tmp_path: Path) -> None:
    hide = "u.find_spec = lambda name, real=u.find_spec: None if name == 'celery' else real(name)"
    run = "runpy.run_module('conference.start', run_name='__main__')"
    code = f"import importlib.util as u, runpy; {hide}; {run}"

    result = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path, free_port()),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr == "Python module missing: celery. Run: make install\n"


def test_a_killed_worker_is_started_again_and_the_start_says_so(demo: Running) -> None:
    def workers() -> list[int]:
        return [pid for pid in demo.members() if b"worker" in proc(pid, "cmdline").split(b"\0")]

    before = workers()
    os.kill(min(before), signal.SIGKILL)

    assert wait_for(lambda: "worker ended (signal SIGKILL); starting it again in 1 s." in demo.text())
    assert wait_for(lambda: len(workers()) >= len(before) and not set(workers()) & set(before))


def test_killing_the_supervisor_ends_every_process_and_the_data_survives(demo: Running) -> None:
    """The last one: it ends the demo that the tests above share."""
    result = demo.manage("invite", "bleibt@example.org", "--workshop", "digitale-stadt", "--language", "tr")
    assert result.returncode == 0, result.stderr
    assert wait_for(lambda: "bleibt@example.org" in demo.get("/mailbox/")[1])
    assert len(demo.members()) >= 7

    demo.end(signal.SIGKILL)

    assert wait_for(lambda: not demo.members()), [proc(pid, "cmdline") for pid in demo.members()]

    again = Running(demo.directory, free_port())
    try:
        again.wait_until_ready()
        assert "bleibt@example.org" in again.get("/mailbox/")[1]
        assert json.loads(again.manage("status", "--json").stdout)["messages"]["sent"] >= 1
        assert again.end(signal.SIGTERM) == 0
        assert wait_for(lambda: not again.members())
        assert again.text().endswith("Köprü has ended.\n")
    finally:
        if again.process.poll() is None:
            again.end(signal.SIGKILL)
