"""The admin's own log, where former versions recorded what organisers did (now: `conference/audit.py`).

Its lines copy names and addresses. So whoever they are about still gets them with their data, and they still go with
them.
"""

from __future__ import annotations

from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.contrib.admin.models import LogEntry as FormerEntry

__all__ = ["ACTIONS", "FormerEntry"]

ACTIONS = {ADDITION: "create", CHANGE: "update", DELETION: "delete"}
