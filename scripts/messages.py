"""Message catalogues: `update` collects and compiles, `check` says what is missing and changes nothing.

The check works on a copy, so that it can be run while somebody edits.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "tr")
SOURCES = ("conference", "workshops", "registration", "templates", "locale")
SHOWN_AT_MOST = 30
OPTIONS = ["--no-location", "--no-obsolete", "--no-wrap", "--verbosity=0"]


def main(command: str) -> int:
    if command == "update":
        collect(ROOT)
        manage(ROOT, "compilemessages", "--verbosity=0", *(f"--locale={code}" for code in LANGUAGES))
        return 0
    problems = check()
    for problem in problems[:SHOWN_AT_MOST]:
        sys.stderr.write(problem + "\n")
    sys.stderr.write(f"{len(problems)} problems in the message catalogues\n" if problems else "")
    return 1 if problems else 0


def collect(root: Path) -> None:
    ignored = [
        f"--ignore={name}" for name in (".venv", "var", "static", "staticfiles", "tests", "scripts", "docs")
    ]
    manage(root, "makemessages", *(f"--locale={code}" for code in LANGUAGES), *OPTIONS, *ignored)


def manage(root: Path, *arguments: str) -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "conference.settings.test"}
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=root, env=environment, check=True)  # noqa: S603


def check() -> list[str]:
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory)
        for name in SOURCES:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "manage.py", copy)
        (copy / "static").mkdir()
        collect(copy)
        return [problem for code in LANGUAGES for problem in check_language(code, copy)]


def check_language(code: str, copy: Path) -> list[str]:
    path = Path("locale") / code / "LC_MESSAGES" / "django.po"
    if not (ROOT / path).exists():
        return [f"{path}: missing"]
    catalogue, collected = polib.pofile(str(ROOT / path)), polib.pofile(str(copy / path))
    wanted, present = keys(collected), keys(catalogue)
    return [
        *(f"{path}: not collected yet: {msgid!r}" for _context, msgid in sorted(wanted - present)),
        *(f"{path}: no longer used: {msgid!r}" for _context, msgid in sorted(present - wanted)),
        *(f"{path}: not translated: {entry.msgid!r}" for entry in catalogue.untranslated_entries()),
        *(f"{path}: fuzzy: {entry.msgid!r}" for entry in catalogue.fuzzy_entries()),
        *check_compiled(path, catalogue),
    ]


def keys(catalogue: polib.POFile) -> set[tuple[str, str]]:
    return {(entry.msgctxt or "", entry.msgid) for entry in catalogue if not entry.obsolete}


def check_compiled(path: Path, catalogue: polib.POFile) -> list[str]:
    compiled = path.with_suffix(".mo")
    if not (ROOT / compiled).exists():
        return [f"{compiled}: missing"]
    ready = {
        (e.msgctxt or "", e.msgid): (e.msgstr, e.msgstr_plural) for e in polib.mofile(str(ROOT / compiled))
    }
    written = {
        (e.msgctxt or "", e.msgid): (e.msgstr, e.msgstr_plural) for e in catalogue.translated_entries()
    }
    return [] if ready == written else [f"{compiled}: older than its catalogue; run: make messages"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
