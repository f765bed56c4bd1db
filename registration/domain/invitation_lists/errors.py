from __future__ import annotations

from registration.domain.errors import DomainError


class UnreadableList(DomainError):  # noqa: N818 (named after what the person is told)
    """What was pasted or uploaded cannot be read as a list of people."""
