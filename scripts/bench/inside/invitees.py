"""A list of people to invite, as CSV and as XLSX: read, kept, and turned into invitations: `… inside.invitees ROWS`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from . import answer, ready

_HEADING = ["E-Posta", "Ad", "Soyad", "Kurum", "Dil", "Çalıştay"]


def main(rows: int) -> None:
    from registration.domain.invitation_lists.create_list import create_list  # noqa: PLC0415
    from registration.domain.invitation_lists.send_list import send_list  # noqa: PLC0415
    from registration.domain.invitation_lists.write_lists import write_lists  # noqa: PLC0415
    from workshops.models import Workshop  # noqa: PLC0415

    from .memory import Peak  # noqa: PLC0415

    directory = Path(os.environ["DATA_DIR"])
    _files(rows, directory)
    workshops = list(Workshop.objects.select_related("conference"))
    peak, started = Peak(), time.process_time()
    given = [_read(directory / name) for name in ("list.csv", "list.xlsx")][-1]
    kept: Any = create_list(
        conference=workshops[0].conference,
        given=given,
        workshops=workshops[:1],
        allowed=workshops,
        name="bench",
    )
    send_list(list_id=kept.pk)
    while write_lists(seconds=60):
        pass
    answer(
        {
            "megabytes": peak.above_idle(),
            "invitations": kept.invitations.count(),
            "processor_seconds": time.process_time() - started,
        }
    )


def _read(path: Path) -> Any:
    from registration.domain.invitation_lists.read_file import read_file  # noqa: PLC0415

    with path.open("rb") as file:
        return read_file(name=path.name, file=file)


def _files(rows: int, directory: Path) -> None:
    """Made by a process of its own: making them takes more memory than reading them."""
    subprocess.run(  # noqa: S603 (this very module)
        [sys.executable, "-m", "scripts.bench.inside.invitees", str(rows), str(directory)], check=True
    )


def make_files(rows: int, directory: Path) -> None:
    lines = [_HEADING, *(_person(number) for number in range(rows))]
    text = "\r\n".join(";".join(f'"{cell}"' for cell in cells) for cells in lines)
    (directory / "list.csv").write_bytes(text.encode("cp1254"))
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in lines:
        sheet.append(cells)
    book.save(directory / "list.xlsx")


def _person(number: int) -> list[str]:
    return [
        f"kisi{number}@example.org",
        "Ayşe Nur",
        f"Işık {number}",
        "Bursa Büyükşehir Belediyesi",
        "tr",
        "1; 2",
    ]


if __name__ == "__main__":
    if len(sys.argv) > 2:
        make_files(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        ready()
        main(int(sys.argv[1]))
