"""The id of a request goes with the tasks it asks for, and each line of a worker's log names its task."""

from __future__ import annotations

from typing import Any

from celery import signals

from conference.log_context import FIELDS, request_id

HEADER = "koprue_request_id"


@signals.before_task_publish.connect  # type: ignore[untyped-decorator]
def _hand_over(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and (number := request_id()):
        headers[HEADER] = number


@signals.task_prerun.connect  # type: ignore[untyped-decorator]
def _take_over(task_id: str, task: Any, **_: Any) -> None:
    asked_by = getattr(task.request, HEADER, None)
    given = {"request_id": asked_by} if asked_by else {}
    FIELDS.set({**given, "task": task.name, "task_id": task_id})


@signals.task_postrun.connect  # type: ignore[untyped-decorator]
def _let_go(**_: Any) -> None:
    FIELDS.set({})
