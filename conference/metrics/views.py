from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus. Without the token there is no such page."""
    if not settings.METRICS_TOKEN or not constant_time_compare(
        request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
    ):
        raise Http404
    # Loaded here: who asks for no figures need not keep the library in memory.
    from conference.metrics.registry import everything  # noqa: PLC0415

    return HttpResponse(everything(), content_type="text/plain; version=0.0.4; charset=utf-8")
