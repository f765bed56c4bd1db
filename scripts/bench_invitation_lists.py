"""How long a list of 10,000 people takes, and how much memory: `python scripts/bench_invitation_lists.py [ROWS]`.

In a database of its own, which is thrown away; with DATABASE_URL in that one, which must be empty.
"""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        os.environ["DATA_DIR"] = directory
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")
        import django  # noqa: PLC0415

        django.setup()
        _measure(rows)


def _measure(rows: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from registration.domain.invitation_lists.create_list import create_list  # noqa: PLC0415
    from registration.domain.invitation_lists.send_list import send_list  # noqa: PLC0415
    from registration.domain.invitation_lists.write_lists import write_lists  # noqa: PLC0415
    from workshops.models import Workshop  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    workshops = list(Workshop.objects.select_related("conference"))
    files = _files(rows)
    idle = _memory()
    for file in files:
        given = _timed(f"{file.suffix}: read", partial(_read, file))
    kept: Any = _timed(
        "looked up and kept",
        lambda: create_list(
            conference=workshops[0].conference,
            given=given,
            workshops=workshops[:1],
            allowed=workshops,
            name="bench",
        ),
    )
    send_list(list_id=kept.pk)
    _timed("invitations and mails written", lambda: write_lists(seconds=600))
    _say(f"{kept.invitations.count()} invitations; {_memory() - idle} MB above idle ({idle} MB)")


def _timed(what: str, work: Callable[[], Any]) -> Any:
    started, used = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    _say(f"{what}: {wall:.1f} s ({cpu:.1f} s of one processor)")
    return result


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _memory() -> int:
    """The most this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _read(path: Path) -> Any:
    from registration.domain.invitation_lists.read_file import read_file  # noqa: PLC0415

    with path.open("rb") as file:
        return read_file(name=path.name, file=file)


def _files(rows: int) -> list[Path]:
    """Made by a process of its own: making them takes more memory than reading them."""
    directory = Path(os.environ["DATA_DIR"])
    subprocess.run(  # noqa: S603 (this very file)
        [sys.executable, __file__, str(rows), str(directory)], check=True
    )
    return [directory / "list.csv", directory / "list.xlsx"]


def _people(rows: int) -> list[list[str]]:
    head = ["E-Posta", "Ad", "Soyad", "Kurum", "Dil", "Çalıştay"]
    return [head] + [
        [
            f"kisi{number}@example.org",
            "Ayşe Nur",
            f"Işık {number}",
            "Bursa Büyükşehir Belediyesi",
            "tr",
            "1; 2",
        ]
        for number in range(rows)
    ]


def _csv(rows: int) -> bytes:
    return "\r\n".join(";".join(f'"{cell}"' for cell in cells) for cells in _people(rows)).encode("cp1254")


def _xlsx(rows: int) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in _people(rows):
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    if len(sys.argv) > 2:
        (Path(sys.argv[2]) / "list.csv").write_bytes(_csv(number))
        (Path(sys.argv[2]) / "list.xlsx").write_bytes(_xlsx(number))
    else:
        main(number)
