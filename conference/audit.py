"""Who changed what: recorded for organisers and for commands, not for participants, workers and promotions.

django-auditlog compares every saved row with the one in the table. Its middleware is not used: it asks who is signed
in on every page, also on the public ones, and it takes a proxy's word for the address of whoever asks, which we do
not keep.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditlog.context import auditlog_disabled, disable_auditlog
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import override

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

_actor: ContextVar[AbstractBaseUser | None] = ContextVar("audit_actor", default=None)
_command: ContextVar[str] = ContextVar("audit_command", default="")
_way: ContextVar[dict[str, Any] | None] = ContextVar("audit_way", default=None)
_Row = tuple[str, str]


@dataclass(slots=True)
class Act:
    """One thing somebody does, a click or a command: the entries of it carry its number and are told together.

    `named` are the rows an entry is about. `lent` are columns that hold a placeholder until the act is over, with what
    stood in them before.
    """

    number: str = field(default_factory=lambda: uuid.uuid4().hex)
    named: set[_Row] = field(default_factory=set)
    lent: dict[_Row, dict[str, tuple[Any, Any]]] = field(default_factory=dict)


_act: ContextVar[Act | None] = ContextVar("audit_act", default=None)

unrecorded = disable_auditlog


def is_recording() -> bool:
    """Whether changes made now leave entries: rows have to be saved one by one then."""
    return not auditlog_disabled.get()


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
    token, enabled, act = _actor.set(known), auditlog_disabled.set(False), _act.set(Act())
    try:
        yield
    finally:
        _act.reset(act)
        auditlog_disabled.reset(enabled)
        _actor.reset(token)


@contextmanager
def by_command(name: str) -> Iterator[None]:
    """Within, changes are recorded as nobody’s, with the name of the command."""
    token, act = _command.set(name), _act.set(_act.get() or Act())
    try:
        yield
    finally:
        _act.reset(act)
        _command.reset(token)


@contextmanager
def by_way_of(name: str, **facts: Any) -> Iterator[None]:
    """Within, changes are recorded as made by an import, a restored version and the like; `facts` say which one."""
    token, act = _way.set({"name": name, **facts}), _act.set(_act.get() or Act())
    try:
        yield
    finally:
        _act.reset(act)
        _way.reset(token)


def lend(row: Model, *, name: str, before: Any, placeholder: Any) -> None:
    """A column is about to hold a placeholder, unrecorded: the next entry tells what stood there before it."""
    if (act := _act.get()) is not None:
        act.lent.setdefault(_row(row), {})[name] = (_plain(before), _plain(placeholder))


def record_step(
    row: Model, step: str | Promise = "", *, action: int | None = None, facts: dict[str, Any] | None = None
) -> None:
    """What an organiser did with a row, where no change of its columns says so already.

    Of a text that is translated later (lazily) its source is kept, and the `facts` it names: each reader gets it in
    their language.
    """
    # Models cannot be imported while the apps are being loaded.
    from auditlog.models import LogEntry  # noqa: PLC0415

    act = _act.get()
    if act is None or _row(row) in act.named:
        return
    with override(None):
        said: dict[str, Any] = {"step": str(step), **({"facts": facts} if facts else {})} if step else {}
    LogEntry.objects.log_create(
        row,
        force_log=True,
        action=LogEntry.Action.UPDATE if action is None else action,
        additional_data={**_place_of(row), **said},
    )


def complete(instance: Any, **_kwargs: Any) -> None:
    """Before an entry is saved: by whom, in which act, by which command or import, about whose workshop."""
    if instance.pk is not None:
        return
    instance.actor = instance.actor or _actor.get()
    instance.actor_email = getattr(instance.actor, "email", None)
    said = instance.additional_data or {}
    if "conference" not in said:
        said = {**_place_of_entry(instance), **said}
    if command := _command.get():
        said = {**said, "command": command}
    if way := _way.get():
        said = {**said, "way": way}
    instance.additional_data = said or None
    if (act := _act.get()) is not None:
        _belongs(instance, act)


def _belongs(entry: Any, act: Act) -> None:
    key = (entry.content_type.model, str(entry.object_pk))
    entry.cid = act.number
    act.named.add(key)
    for name, (before, placeholder) in act.lent.get(key, {}).items():
        pair = (entry.changes or {}).get(name)
        if pair is not None and pair[0] == placeholder:
            entry.changes[name] = (before, pair[1])


def _row(row: Model) -> _Row:
    return str(row._meta.concrete_model._meta.model_name), str(row.pk)  # type: ignore[union-attr]


def _plain(value: Any) -> Any:
    """As an entry keeps it."""
    return value if value is None or isinstance(value, int | str) else str(value)


def _place_of(row: Any) -> dict[str, Any]:
    if hasattr(row, "get_additional_data"):
        return dict(row.get_additional_data())
    conference = getattr(row, "conference_id", None)
    return {} if conference is None else {"conference": conference}


def _place_of_entry(entry: Any) -> dict[str, Any]:
    """For entries that are written with words of their own, such as a reason."""
    model = entry.content_type.model_class()
    if not hasattr(model, "get_additional_data"):
        return {}
    row = model._default_manager.filter(pk=entry.object_pk).first()
    return row.get_additional_data() if row else {}
