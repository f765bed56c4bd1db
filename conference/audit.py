"""Who changed what: recorded for organisers and for commands, not for participants, workers and promotions.

django-auditlog compares every saved row with the one in the table. Its middleware is not used: it asks who is signed
in on every page, also on the public ones, and it takes a proxy's word for the address of whoever asks, which we do
not keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from auditlog.context import auditlog_disabled, disable_auditlog
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

_actor: ContextVar[AbstractBaseUser | None] = ContextVar("audit_actor", default=None)
_command: ContextVar[str] = ContextVar("audit_command", default="")

unrecorded = disable_auditlog


class Unrecorded:
    """Middleware: what participants do themselves is not recorded; the admin site records its own pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with unrecorded():
            return self.get_response(request)


@contextmanager
def recorded(*, actor: AbstractBaseUser | AnonymousUser) -> Iterator[None]:
    """Within, every change of a tracked row is recorded as this organiser’s."""
    known = actor if actor.is_authenticated else None
    token, enabled = _actor.set(known), auditlog_disabled.set(False)
    try:
        yield
    finally:
        auditlog_disabled.reset(enabled)
        _actor.reset(token)


@contextmanager
def by_command(name: str) -> Iterator[None]:
    """Within, changes are recorded as nobody’s, with the name of the command."""
    token = _command.set(name)
    try:
        yield
    finally:
        _command.reset(token)


def complete(instance: Any, **_kwargs: Any) -> None:
    """Before an entry is saved: by whom, by which command, about whose workshop."""
    if instance.pk is not None:
        return
    instance.actor = instance.actor or _actor.get()
    instance.actor_email = getattr(instance.actor, "email", None)
    said = instance.additional_data or {}
    if "conference" not in said:
        said = {**_place_of_row(instance), **said}
    if command := _command.get():
        said = {**said, "command": command}
    instance.additional_data = said or None


def _place_of_row(entry: Any) -> dict[str, Any]:
    """For entries that are written with words of their own, such as a reason."""
    model = entry.content_type.model_class()
    if not hasattr(model, "get_additional_data"):
        return {}
    row = model._default_manager.filter(pk=entry.object_pk).first()
    return row.get_additional_data() if row else {}
