"""gunicorn's worker with threads, which turns nobody away that has already come when it is told to stop."""

from __future__ import annotations

from typing import Any

from gunicorn.workers.gthread import _DEFER, ThreadWorker  # type: ignore[import-untyped]


class GracefulWorker(ThreadWorker):  # type: ignore[misc]
    """Takes what waits at the door, then closes it, and only then finishes what it has taken.

    gunicorn's own keeps the listening socket open while it finishes: the kernel goes on taking connections for it,
    which nobody will ever serve, and cuts them off at the end. A closed port says at once that another server is to be
    asked.
    """

    # What has come and sent its question has long done so by the time a thread looks.
    PATIENCE_SECONDS = 0.05

    def handle(self, conn: Any) -> Any:
        """Browsers open connections ahead and say nothing: gunicorn has each hold a thread for five seconds."""
        if not conn.initialized and not conn.data_ready:
            conn.data_ready = conn.wait_for_data(self.PATIENCE_SECONDS)
            if not conn.data_ready:
                return _DEFER
        return super().handle(conn)

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            self._close_the_door()

    def _close_the_door(self) -> None:
        for listener in self.sockets:
            before = -1
            while before < self.nr_conns < self.worker_connections:
                before = self.nr_conns
                self.accept(listener)
            listener.close()
