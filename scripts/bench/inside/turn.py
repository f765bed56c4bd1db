"""For how long a workshop's row is held by whoever takes a place: `… inside.turn COUNT MARK`; prints seconds."""

# ruff: noqa: E402 (what follows needs Django to be set up)

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from statistics import median

from . import EMPTY, answer, ready

ready()

from django.test import Client

from workshops.models import Workshop

from ..held import queue_for
from ..load import HOST
from ..processes import BenchError
from ..rows.rush import FORM
from .people import people

# What a connection does for the first time takes it longer.
_REHEARSAL = 4


def main(count: int, mark: str) -> None:
    found = Path(people(_REHEARSAL + count, mark)).read_text().splitlines()
    sessions = [line.split("\t")[1] for line in found]
    before = _workshop()
    with queue_for(before.pk, os.environ["DATABASE_URL"]) as queue:
        turns = [queue.turn(partial(_register, session)) for session in sessions]
    if _workshop().taken_active - before.taken_active != len(sessions):
        raise BenchError(f"not all of {len(sessions)} people took a place in “{EMPTY}”")
    answer(median(turns[_REHEARSAL:]))


def _workshop() -> Workshop:
    return Workshop.objects.get(conference__is_current=True, slug=EMPTY)


def _register(session: str) -> None:
    client = Client(headers={"host": HOST})
    client.cookies["__Host-sessionid"] = session
    client.post("/de/register/", FORM, secure=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
