"""What is kept in the cache until something changes: a word that stands in its key, and is another one from then on."""

from __future__ import annotations

import uuid

from django.core.cache import cache
from django.db import transaction


class Generation:
    """`current` is read before what is kept is found out: what changes meanwhile makes that outdated from the start."""

    def __init__(self, name: str) -> None:
        self.name = name

    def current(self) -> str:
        return str(cache.get_or_set(self.name, _new, None))

    def forget(self) -> None:
        """At once for whoever changed something, and again after the commit: somebody may have read what was before."""
        self.renew()
        if not any(function == self.renew for _, function, _ in transaction.get_connection().run_on_commit):
            transaction.on_commit(self.renew, robust=True)

    def renew(self) -> None:
        cache.set(self.name, _new(), None)


def _new() -> str:
    return uuid.uuid4().hex
