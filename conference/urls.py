"""Every address of the site; the apps' own urls.py hold the pages."""

from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from conference import health, views

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.to_language, name="root"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
]
if settings.DEMO_MAILBOX_DIR:
    urlpatterns.append(path("mailbox/", include("conference.mailbox.urls")))
urlpatterns += i18n_patterns(
    *[path("", include(name)) for name in ("registration.urls", "workshops.urls") if find_spec(name)],
)

handler400 = "conference.errors.bad_request"
