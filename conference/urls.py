"""Every address of the site; the apps' own urls.py hold the pages."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from conference import health, views

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.to_language, name="root"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("admin/", admin.site.urls),
    path("accounts/", views.account, name="account"),
    # An organiser's address is changed in the admin, where it is entered.
    path("accounts/email/", views.account),
    path("accounts/", include("allauth.urls")),
    path("", include("workshops.urls_exports")),
]
if settings.DEMO_MAILBOX_DIR:
    urlpatterns.append(path("mailbox/", include("conference.mailbox.urls")))
urlpatterns += i18n_patterns(
    path("", include("registration.urls")),
    path("", include("workshops.urls")),
)

handler400 = "conference.errors.bad_request"
