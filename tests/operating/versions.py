"""A next version of the product: a copy of the code with one more migration."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.product import ROOT
from tests.servers import production_environment

_CODE = ("conference", "workshops", "registration")
_UNCHANGED = ("templates", "static", "locale", "tests", "scripts", "pyproject.toml")
_MODEL = "class Participant(models.Model):\n"
_MIGRATION = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registration", "{leaf}")]
    operations = [
{operations}
    ]
"""
ADDITIVE = """
        migrations.AddField("participant", "next_note", models.TextField(null=True)),
        AddIndexConcurrently("participant", models.Index(fields=["next_note"], name="participant_next_note")),
"""
UNSAFE = """
        migrations.RemoveField("participant", "city"),
        migrations.AddField("participant", "next_note", models.TextField(default="")),
"""


@dataclass(frozen=True)
class NextVersion:
    root: Path
    leaf: str

    def run(
        self, *command: str, redis_url: str = "redis://127.0.0.1:1/0"
    ) -> subprocess.CompletedProcess[str]:
        environment = {**production_environment(redis_url), "PYTHONWARNINGS": "ignore"}
        environment["TEST_DATABASE_URL"] = environment["DATABASE_URL"]
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


def next_version(root: Path, operations: str) -> NextVersion:
    """Its participants have one more field, which the present version knows nothing of."""
    root.mkdir()
    for name in _CODE:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in _UNCHANGED:
        os.symlink(ROOT / name, root / name)
    # No link: Python would look for modules beside the file it leads to.
    shutil.copy(ROOT / "manage.py", root)
    [leaf] = [name for app, name in MigrationLoader(connection).graph.leaf_nodes("registration")]
    migration = root / "registration" / "migrations" / "9999_next_version.py"
    migration.write_text(_MIGRATION.format(leaf=leaf, operations=operations))
    model = root / "registration" / "models" / "participant.py"
    text = model.read_text()
    start = text.index("    conference = models.ForeignKey", text.index(_MODEL))
    model.write_text(f"{text[:start]}    next_note = models.TextField(null=True)\n{text[start:]}")
    return NextVersion(root, leaf)
