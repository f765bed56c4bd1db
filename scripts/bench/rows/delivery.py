"""Delivering a pile of invitations to the sink, beside a plain smtplib loop that sends finished mails of their kind.

The worker is one Celery worker as `docker-compose.yml` starts it, which has two processes. It claims, reads, writes,
sends and records each mail; the plain loop sends. The sink throws away what it gets, so it is the quickest mail server
there can be: one that keeps what it accepts leaves more time for all the rest.
"""

from __future__ import annotations

from ..bench import Bench
from ..figures import Check, Comparison, Measured, Row

_AT_LEAST = 0.7


def measure(bench: Bench) -> list[Row]:
    count = 1_000 if bench.short else 10_000
    rounds = 2 if bench.short else 3
    with bench.site("small") as site, site.worker() as worker:
        pids = worker.pid, bench.databases.pid
        found = site.python("scripts.bench.inside.deliver", count, rounds, bench.sink.counters, *pids)
    compared = Comparison(
        [Measured(*run) for run in found["ours"]], [Measured(*run) for run in found["plain"]]
    )
    return [
        Row(
            "delivery",
            f"delivering {count:,} messages to the sink, one worker",
            # A machine that others use at the same time has not the second processor that the database needs.
            [Check("of a plain smtplib loop", compared.ratio, _AT_LEAST, "ratio", at_least=True, wide=0.1)],
            {**compared.as_json(), "bytes": found["bytes"]},
        )
    ]
