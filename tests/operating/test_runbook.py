"""What docs/operations.md and docs/upgrading.md tell an operator to type exists, and its questions can be asked."""

from __future__ import annotations

import re

import pytest
import yaml
from django.core.management import get_commands
from django.db import connection

from conference.data_dir import ROOT

TEXTS = {name: (ROOT / "docs" / f"{name}.md").read_text() for name in ("operations", "upgrading")}
TEXT = "\n".join(TEXTS.values())
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
# `docker compose VERB [options] SERVICE…`; the options that take a value, and what follows them.
OPTION = re.compile(r"--(?:tail|since|volume|env|profile) \S+|--?[\w-]+")


def lines() -> list[str]:
    """Every line to be typed that calls Compose, without what stands before and after the call."""
    typed = re.findall(
        r"(?:^|`|&& |; )docker compose ([^`\n]+?)(?:`| +#| \||$| <| >| &&)", TEXT, re.MULTILINE
    )
    return [OPTION.sub("", line) for line in typed]


def test_every_command_of_ours_exists() -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", TEXT))

    assert {"backup", "restore", "send_held_mail", "replace_link", "reencrypt", "status"} <= named
    assert named - set(get_commands()) == set()


def test_every_container_exists() -> None:
    verbs = ("exec", "run", "stop", "restart", "up", "ps", "logs", "rm")
    named = {
        word
        for verb, *words in (line.split() for line in lines())
        if verb in verbs
        for word in (words[:1] if verb in {"exec", "run"} else words)
    }

    assert {"web", "worker", "beat", "postgres", "redis", "caddy"} <= named
    assert named - set(COMPOSE["services"]) == set()


def test_every_setting_exists() -> None:
    known = set(COMPOSE["services"]["web"]["environment"]) | {
        "KOPRUE_VERSION",
        "POSTGRES_PASSWORD",
        "REDIS_PASSWORD",
    }
    named = set(re.findall(r"\b([A-Z]{3,}(?:_[A-Z]+)+)\b", TEXT))

    assert len(named) > 8
    assert named - known == set()


def test_every_link_to_a_section_leads_to_one() -> None:
    for name, text in TEXTS.items():
        for document, anchor in re.findall(r"\]\((?:(\w+)\.md)?#([\w-]+)\)", text):
            headings = re.findall(r"^#+ (.+)$", TEXTS[document or name], re.MULTILINE)
            assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


@pytest.mark.postgresql
@pytest.mark.django_db
def test_every_question_to_the_database_can_be_asked() -> None:
    asked = re.findall(r"""-c (["'])(SELECT .+?)\1""", TEXTS["operations"])

    assert len(asked) == 4
    with connection.cursor() as cursor:
        for _, statement in asked:
            cursor.execute(statement)
