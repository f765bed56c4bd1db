"""The Celery application. Tasks are only a nudge: the outbox table is the truth."""

import gc
import os
from typing import Any

from celery import Celery, Task, signals

from conference import task_context  # noqa: F401 (connects Celery's signals)
from conference.slots import free_slots_whatever_happens

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")


class UnrecordedTask(Task):  # type: ignore[misc]
    """What a worker does is nobody's change; the outbox and the states themselves tell of it."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # Imported late: django-auditlog needs the settings, and this module is read before them.
        from conference.audit import unrecorded  # noqa: PLC0415

        with unrecorded():
            return super().__call__(*args, **kwargs)


@signals.celeryd_after_setup.connect  # type: ignore[untyped-decorator]
def _share_memory(**_kwargs: Any) -> None:
    """What is loaded by now lies in memory once for all of a worker's processes: no garbage collection touches it."""
    gc.collect()
    gc.freeze()


free_slots_whatever_happens()
app = Celery("koprue", task_cls=UnrecordedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
