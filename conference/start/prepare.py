"""Brings the demo's database, files and first data up to date.

A process of its own, so that the supervisor stays small.
"""

# ruff: noqa: PLC0415 (Django can be imported from once it is set up)

from __future__ import annotations

import gc
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import django

from conference.data_dir import ORGANISER_EMAIL, data_dir, load_secrets
from conference.parent_death import end_with_parent

_STATIC = "static-files"
_RARELY = 20_000


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")
    django.setup()
    collecting = begin_static_files()
    migrate()
    load_demo()
    make_organiser()
    if collecting and collecting.wait():
        raise SystemExit("The static files could not be collected.")


def main_of_static_files() -> None:
    end_with_parent(os.getppid())
    django.setup()
    collect_static_files()


def migrate() -> None:
    """Asks before it calls: Django's command also refreshes permissions each time, which takes a second."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        # Migrations make models by the thousand, and looking for rubbish among them takes a sixth of the time.
        gc.set_threshold(_RARELY)
        call_command("migrate", verbosity=0, interactive=False)


def begin_static_files() -> subprocess.Popen[bytes] | None:
    """In a process of its own, where they have changed: packing them takes as long as making the database."""
    from django.conf import settings

    if _stamp().exists() and _stamp().read_text() == _fingerprint(settings.STATICFILES_DIRS):
        return None
    return subprocess.Popen([sys.executable, "-m", "conference.start.prepare", _STATIC])  # noqa: S603


def collect_static_files() -> None:
    from django.conf import settings
    from django.core.management import call_command

    wanted = _fingerprint(settings.STATICFILES_DIRS)
    call_command("collectstatic", verbosity=0, interactive=False)
    _stamp().write_text(wanted)


def _stamp() -> Path:
    from django.conf import settings

    return Path(settings.STATIC_ROOT) / ".fingerprint"


def _fingerprint(directories: list[Path]) -> str:
    """Of our own files by size and time, of the packages' by their version."""
    lines = [f"{name} {version(name)}" for name in ("django", "django-allauth", "django-modeltranslation")]
    for path in sorted(_files(directories)):
        status = path.stat()
        lines.append(f"{path} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _files(directories: list[Path]) -> Iterator[Path]:
    for directory in directories:
        yield from (path for path in Path(directory).rglob("*") if path.is_file())


def load_demo() -> None:
    """Only into an empty database: what organisers have changed since is theirs."""
    from django.core.management import call_command

    from workshops.models import Conference

    if not Conference.objects.exists():
        call_command("load_demo", verbosity=0)


def make_organiser() -> None:
    from conference.models import User

    if User.objects.filter(email=ORGANISER_EMAIL).exists():
        return
    User.objects.create_superuser(
        username=ORGANISER_EMAIL,
        email=ORGANISER_EMAIL,
        password=load_secrets(data_dir()).organiser_password,
    )


if __name__ == "__main__":
    try:
        main_of_static_files() if sys.argv[1:] == [_STATIC] else main()
    except ModuleNotFoundError as error:
        sys.exit(f"Python module missing: {error.name}. Run: make install")
