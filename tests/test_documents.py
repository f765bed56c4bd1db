"""What the README and the docs name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def section(heading: str) -> str:
    return README.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)`", README))
    assert {"run", "test"} <= named <= targets


def test_every_command_exists() -> None:
    table = section("Commands").split("manage.py …")[1]
    commands = re.findall(r"^\| `([a-z_]+)", table, re.MULTILINE)
    assert commands == [
        "load_demo",
        "invite",
        "confirm",
        "import_programme",
        "check_programme",
        "release",
        "status",
        "reencrypt",
        "erase_personal_data",
        "backup",
        "restore",
        "send_held_mail",
        "replace_link",
    ]
    assert set(commands) - set(get_commands()) == set()


def test_every_setting_is_read_somewhere() -> None:
    code = "".join(file.read_text("utf-8") for file in (ROOT / "conference").rglob("*.py"))
    variables = re.findall(r"`([A-Z_]+)`", section("Settings").split("| variable | meaning |")[1])
    assert len(variables) > 10
    assert [name for name in variables if f'"{name}"' not in code] == []


@pytest.mark.parametrize(
    "path", ["/programme.json", "/programme.pdf", "/health/live", "/health/ready", "/admin/"]
)
def test_every_address_exists(path: str) -> None:
    assert f"{path}`" in README or path in README
    try:
        resolve(path)
    except Resolver404:
        pytest.fail(f"{path} leads nowhere")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_picture_within_the_project_exists(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", document.read_text("utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_named_in_a_document_exists(document: Path) -> None:
    named = re.findall(
        r"`((?:conference|workshops|registration|templates|static|tests|scripts|docs|deploy)/[\w./-]*)`",
        document.read_text(),
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_named_in_a_document_exists(document: Path) -> None:
    tests = "".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", document.read_text("utf-8"))
    assert [name for name in named if f"def {name}(" not in tests] == []


def test_every_library_that_is_required_is_explained() -> None:
    explained = section("What the libraries are for").lower()
    required = re.findall(r"^([a-z0-9-]+)", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    alias = {"psycopg2-binary": "psycopg2"}
    assert [name for name in required if alias.get(name, name) not in explained] == []
