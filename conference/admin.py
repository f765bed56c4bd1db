"""The admin site of the organisers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from conference.audit import recorded

_APPS = ("registration", "workshops", "accounts")
View = Callable[..., HttpResponse]


class KoprueAdminSite(AdminSite):
    """Django's own admin, on the conference's home clock, with a start page of what is to be done."""

    site_title = "Köprü"
    site_header = "Köprü"
    index_title = _("Overview")
    # The start page leads everywhere; lists with both clocks need the width.
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLResolver | URLPattern]:
        # Models cannot be imported while the apps are being loaded, and this module is one of the first.
        from registration.admin.attendance_pages import attendance_urls  # noqa: PLC0415
        from registration.admin.overview.pages import overview_urls  # noqa: PLC0415
        from registration.admin.team_pages import team_urls  # noqa: PLC0415

        urls: list[URLResolver | URLPattern] = [path("language/", set_language, name="set_language")]
        urls += [*overview_urls(self), *attendance_urls(self), *team_urls(self)]
        return urls + super().get_urls()

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(_recorded(_on_home_clock(view)), cacheable)

    def history(
        self, request: HttpRequest, model_admin: Any, obj: Any, extra_context: dict[str, Any]
    ) -> HttpResponse:
        """The history of one object, of whichever app."""
        from registration.admin.audit_history import history_page  # noqa: PLC0415

        return history_page(request, model_admin=model_admin, obj=obj, extra_context=extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from registration.admin.overview.start_page import overview  # noqa: PLC0415

        return super().index(request, {"overview": overview(request), **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """What is done daily comes first."""
        apps: list[Any] = super().get_app_list(request, app_label)
        return sorted(
            apps, key=lambda app: _APPS.index(app["app_label"]) if app["app_label"] in _APPS else len(_APPS)
        )


def _recorded(view: View) -> View:
    """What an organiser changes here is recorded as theirs."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with recorded(actor=request.user):
            return view(request, *args, **kwargs)

    return inner


def _on_home_clock(view: View) -> View:
    """Times are typed and read on the home clock; Django then refuses those of a clock-change night.

    Templates are rendered here, while that clock is set, instead of after the view has returned.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with timezone.override(_home_zone()):
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, TemplateResponse) else response

    return inner


def _home_zone() -> ZoneInfo:
    from workshops.models import Conference  # noqa: PLC0415

    conferences = Conference.objects.order_by("-is_current", "-starts_on")
    return ZoneInfo(conferences.values_list("home_zone", flat=True).first() or "UTC")


class KoprueAdminConfig(AdminConfig):
    default_site = "conference.admin.KoprueAdminSite"
