"""Error tracking with Sentry, where the operator has named one."""

from __future__ import annotations

from typing import Any

from conference.log_context import FIELDS


def start_error_tracking(dsn: str) -> None:
    """Sends errors without local variables, request bodies, cookies or addresses: they would name people."""
    if not dsn:
        return
    import sentry_sdk  # noqa: PLC0415 (costs memory in every process, so only where it is used)

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        before_send=_without_people,
    )


# An event's fields that cannot name anybody, once their texts are redacted; all others are left behind.
_KEPT = {
    "contexts", "environment", "event_id", "exception", "level", "logentry", "logger", "platform", "release", "sdk",
    "server_name", "timestamp",
}  # fmt: skip


def _without_people(event: Any, _hint: Any) -> Any:
    kept = {name: value for name, value in event.items() if name in _KEPT}
    for exception in kept.get("exception", {}).get("values", []):
        exception["value"] = _redacted(exception.get("value"))
    if entry := kept.get("logentry"):
        kept["logentry"] = {"message": _redacted(entry.get("formatted") or entry.get("message"))}
    kept["contexts"] = {"runtime": kept.get("contexts", {}).get("runtime", {})}
    # Where it happened, as in the log: the request's id, and in a worker the task.
    kept["tags"] = dict(FIELDS.get())
    return kept


def _redacted(text: str | None) -> str:
    from conference.logs import redact  # noqa: PLC0415

    return redact(text or "")
