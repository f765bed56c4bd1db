"""Bounces, complaints and unsubscriptions that a mail provider reports, through django-anymail.

Anymail checks who calls and reads the provider's format; here it becomes a `Report`. Nobody's opening of a mail, and
no click, is kept.
"""

from __future__ import annotations

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.core.exceptions import BadRequest
from django.dispatch import receiver
from django.urls import URLPattern, path

from registration.domain.delivery_events import Report, record_delivery_event
from registration.models import DeliveryEvent

_KINDS = {
    EventType.DELIVERED: DeliveryEvent.Kind.DELIVERED,
    EventType.DEFERRED: DeliveryEvent.Kind.DEFERRED,
    EventType.BOUNCED: DeliveryEvent.Kind.BOUNCED,
    EventType.REJECTED: DeliveryEvent.Kind.BOUNCED,
    EventType.FAILED: DeliveryEvent.Kind.BOUNCED,
    EventType.COMPLAINED: DeliveryEvent.Kind.COMPLAINED,
    EventType.UNSUBSCRIBED: DeliveryEvent.Kind.UNSUBSCRIBED,
}
_BAD_ADDRESS = {RejectReason.BOUNCED, RejectReason.INVALID}
# Anymail calls these bounces as well. A full mailbox is emptied one day: the address is not to be given up for it.
_SOFT: dict[str, tuple[str, set[Any]]] = {
    "brevo": ("event", {"soft_bounce"}),
    "mailjet": ("hard_bounce", {False, None}),
    "postmark": ("Type", {"SoftBounce"}),
    "sparkpost": ("bounce_class", {"20", "21", "22", "23", "24", "70"}),
}
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, LookupError)


@receiver(tracking, dispatch_uid="registration.delivery_events")
def keep_report(event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    if report := report_of(event, provider=esp_name.lower()):
        record_delivery_event(report=report)


def report_of(event: AnymailTrackingEvent, *, provider: str) -> Report | None:
    """None for what is not kept."""
    kind = _KINDS.get(event.event_type)
    if kind is None:
        return None
    is_bounce = kind == DeliveryEvent.Kind.BOUNCED
    if is_bounce and _is_soft(event, provider):
        kind, is_bounce = DeliveryEvent.Kind.DEFERRED, False
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    return Report(
        provider=provider,
        kind=kind,
        message=str(metadata.get("message", "")),
        provider_id=str(event.message_id or ""),
        event_id=str(event.event_id or ""),
        occurred_at=event.timestamp,
        words=str(event.mta_response or event.description or ""),
        address_is_bad=is_bounce and event.reject_reason in _BAD_ADDRESS,
    )


def _is_soft(event: AnymailTrackingEvent, provider: str) -> bool:
    field, soft = _SOFT.get(provider, ("", set()))
    found = _raw(event.esp_event)
    return bool(field) and field in found and found[field] in soft


def _raw(esp_event: Any) -> dict[str, Any]:
    """SparkPost wraps what the others send bare."""
    if not isinstance(esp_event, dict):
        return {}
    for wrapped in esp_event.get("msys", {}).values():
        return dict(wrapped)
    return esp_event


def tracking_urls(provider: str) -> list[URLPattern]:
    """The one address at which the provider of the settings reports."""
    from anymail import urls  # noqa: PLC0415 (costs memory in every process, so only where a provider is named)

    name = f"{provider}_tracking_webhook"
    found = next(pattern for pattern in urls.urlpatterns if pattern.name == name)
    view: Any = type("TrackingView", (_RefuseUnreadable, found.callback.view_class), {})
    return [path(f"{provider}/tracking/", view.as_view(), name=name)]


class _RefuseUnreadable:
    """Anymail expects the provider's own JSON; what anybody else sends must not look like a fault of ours."""

    def run_validators(self, request: Any) -> None:
        try:
            super().run_validators(request)  # type: ignore[misc]
        except _UNREADABLE as error:
            raise BadRequest("unreadable report") from error

    def parse_events(self, request: Any) -> Any:
        try:
            return super().parse_events(request)  # type: ignore[misc]
        except _UNREADABLE as error:
            raise BadRequest("unreadable report") from error
