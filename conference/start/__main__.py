"""`python -m conference.start`, which `make run` calls."""

from __future__ import annotations

import http.client
import os
import signal
import sys
import time
from pathlib import Path

from conference.data_dir import ORGANISER_EMAIL, DataDirError, load_secrets
from conference.parent_death import end_with_parent
from conference.start import checks, services
from conference.start.supervisor import Supervisor, say, start_process

_PREPARE = [sys.executable, "-m", "conference.start.prepare"]


def main() -> int:
    os.umask(0o077)
    if os.environ.get("MAKELEVEL"):  # make itself may be killed; then nobody is left to press Ctrl-C
        end_with_parent(os.getppid(), signal.SIGTERM)
    try:
        checks.require_modules()
        port = checks.port()
        directory = checks.prepared_data_dir()
        held = checks.lock(directory)
        checks.require_free_port(port)
        password = load_secrets(directory).organiser_password
    except (checks.CannotStartError, DataDirError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    with held:
        return serve(directory=directory, port=port, password=password)


def serve(*, directory: Path, port: int, password: str) -> int:
    environment = services.environment(directory, port)
    os.environ["PORT"] = str(port)
    supervisor = Supervisor(environment=environment, log_directory=directory / "log")
    supervisor.listen_for_signals()
    say(f"Köprü is starting; its data is in {directory}")
    try:
        return _run(supervisor, environment=environment, directory=directory, port=port, password=password)
    finally:
        supervisor.end_all()
        checks.remove_socket(directory)
        say("Köprü has ended.")


def _run(
    supervisor: Supervisor, *, environment: dict[str, str], directory: Path, port: int, password: str
) -> int:
    supervisor.add(services.valkey(directory))
    if not _prepare(supervisor, environment):
        return 0 if supervisor.stopping else 1
    for service in (services.web(), services.worker()):
        supervisor.add(service)
    if supervisor.run_until(_Answers(port, directory)):
        supervisor.add(services.beat())
        _announce(port=port, directory=directory, password=password)
        supervisor.run_until(lambda: False, every=0.5)
    return 0


def _prepare(supervisor: Supervisor, environment: dict[str, str]) -> bool:
    log = supervisor.log_directory / "prepare.log"
    with log.open("wb") as output:
        process = start_process(_PREPARE, environment=environment, output=output)
    if not supervisor.run_until(lambda: process.poll() is not None, every=0.02):
        process.kill()
        process.wait()
        return False
    if process.returncode:
        lines = log.read_text(errors="replace").strip().splitlines() or ["no reason given"]
        sys.stderr.write(f"The set-up of the data failed: {lines[-1]} Log: {log}\n")
    return process.returncode == 0


class _Answers:
    """Whether the site answers, with its database and its broker; says so if that takes long."""

    def __init__(self, port: int, directory: Path) -> None:
        self.port = port
        self.directory = directory
        self.complain_at = time.monotonic() + 30

    def __call__(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health/ready", headers={"Host": _a_host()})
            if connection.getresponse().status == http.HTTPStatus.OK:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        if time.monotonic() > self.complain_at:
            self.complain_at = float("inf")
            say(f"This takes long. The reason may be in {self.directory / 'log'}")
        return False


def _a_host() -> str:
    allowed = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    return allowed.lstrip(".") if allowed and allowed != "*" else "127.0.0.1"


def _announce(*, port: int, directory: Path, password: str) -> None:
    base = f"http://127.0.0.1:{port}/"
    mail_server = os.environ.get("EMAIL_URL")
    say(f"Ready: {base}")
    say(f"Organiser: {base}admin/  e-mail: {ORGANISER_EMAIL}  password: {password}")
    say("Mail: sent through EMAIL_URL" if mail_server else f"Mail: {base}mailbox/")
    if hint := checks.pdf_hint():
        say(hint)
    say(f"Logs: {directory / 'log'}  Ctrl-C ends everything.")


if __name__ == "__main__":
    sys.exit(main())
