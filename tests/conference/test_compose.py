"""The production files agree with each other and with the settings; `docker-compose config` where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from conference.data_dir import ROOT
from tests.conference.production import VALUES
from tests.gunicorn_settings import gunicorn_settings

pytestmark = pytest.mark.sqlite

TEXT = (ROOT / "docker-compose.yml").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
EXAMPLE = (ROOT / ".env.example").read_text()
NAMES = re.findall(r"^([A-Z_]+)=", EXAMPLE, re.M)


@pytest.mark.parametrize("name", ["web", "worker", "beat", "postgres", "redis", "caddy"])
def test_a_lasting_service_has_a_health_check_and_is_restarted(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_what_holds_data_has_a_volume() -> None:
    volumes = yaml.safe_load(TEXT)["volumes"]

    assert {name for name, service in SERVICES.items() if "volumes" in service} == {
        "postgres",
        "redis",
        "caddy",
    }
    assert set(volumes) == {"postgres", "redis", "caddy", "caddy-config"}


def test_migrations_run_once_and_before_everything_else() -> None:
    assert SERVICES["migrate"]["command"] == ["python", "manage.py", "migrate", "--no-input"]
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_the_proxy_is_reached_from_outside_and_only_where_it_is_asked_for() -> None:
    """gunicorn believes what the proxy says of who is asking: nobody else may speak to it."""
    open_to_all = {
        name: service["ports"]
        for name, service in SERVICES.items()
        if any(not port.startswith("127.0.0.1:") for port in service.get("ports", []))
    }

    assert open_to_all == {"caddy": ["80:80", "443:443", "443:443/udp"]}
    assert SERVICES["caddy"]["profiles"] == ["proxy"]


def test_containers_are_given_longer_to_end_than_their_processes_take() -> None:
    for name in ("web", "worker", "beat"):
        assert (
            int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
            > gunicorn_settings()["graceful_timeout"]
        )


def test_the_image_has_the_backup_tools_of_the_servers_version() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    server = re.match(r"postgres:(\d+)-", SERVICES["postgres"]["image"])
    assert server

    assert re.findall(r"postgresql-client-(\d+)", dockerfile) == [server[1]]


@pytest.mark.parametrize("name", ["migrate", "web", "worker", "beat"])
def test_every_process_of_ours_is_given_what_the_settings_ask_for(name: str) -> None:
    assert set(VALUES) <= set(SERVICES[name]["environment"])


def test_the_example_names_every_variable_and_holds_no_secret() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", TEXT)) - {"KOPRUE_VERSION"}

    assert set(NAMES) == asked
    for name in re.findall(r"\$\{([A-Z_]+):\?", TEXT):
        assert f"\n{name}=\n" in EXAMPLE, name


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_health_checks_fail_while_nothing_runs(name: str, tmp_path: Path) -> None:
    environment = {"DATA_DIR": str(tmp_path), "PORT": "1", "ALLOWED_HOSTS": "conference.example"}
    command = [shutil.which("python3") or "python3", *SERVICES[name]["healthcheck"]["test"][2:]]

    result = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False)

    assert result.returncode == 1
    assert b"Traceback" not in result.stderr


def test_compose_reads_the_file_and_refuses_empty_secrets(tmp_path: Path) -> None:
    compose = shutil.which("docker-compose")
    if compose is None:
        pytest.skip("docker-compose is not installed (Debian's package “docker-compose”)")
    filled = tmp_path / "filled"
    filled.write_text(re.sub(r"=$", "=value", EXAMPLE, flags=re.M))
    empty = tmp_path / "empty"
    empty.write_text(EXAMPLE)

    codes = [
        subprocess.run(
            [compose, "--env-file", str(path), "config", "-q"], cwd=ROOT, capture_output=True, check=False
        ).returncode
        for path in (filled, empty)
    ]

    assert codes[0] == 0
    assert codes[1] != 0
