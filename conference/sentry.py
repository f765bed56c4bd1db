"""Error tracking with Sentry, where the operator has named one."""

from __future__ import annotations

from typing import Any


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


def _without_people(event: Any, _hint: Any) -> Any:
    from conference.logs import redact  # noqa: PLC0415

    event.pop("request", None)
    event.pop("user", None)
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = redact(exception.get("value") or "")
    return event
