"""Beat's own clockwork."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):  # type: ignore[misc]
    """Beat remembers when each task last ran. Once the clock is put back, that lies in the future, and without
    this nothing would run until the clock has caught up: after a day's jump, for a day.
    """

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        self._bring_back_the_future()
        return super().tick(*args, **kwargs)

    def _bring_back_the_future(self) -> None:
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > entry.default_now()]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            self._heap = None  # it is sorted by the old clock; celery makes a new one
