"""Every address of the site; the apps' own urls.py hold the pages."""

from allauth.account.decorators import secure_admin_login
from allauth.account.views import password_reset
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from conference import health, security_txt, views
from conference.metrics.views import metrics
from conference.same_time import same_time
from workshops.views import offline

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.to_language, name="root"),
    path(".well-known/security.txt", security_txt.security_txt, name="security-txt"),
    path("robots.txt", security_txt.robots_txt, name="robots-txt"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("accounts/", views.account, name="account"),
    # An organiser's address is changed in the admin, where it is entered.
    path("accounts/email/", views.account),
    path("accounts/password/reset/", same_time(password_reset)),
    path("accounts/", include("allauth.urls")),
    path("", include("workshops.urls_exports")),
    path("service-worker.js", offline.service_worker, name="service-worker"),
]
if settings.DEMO_MAILBOX_DIR:
    urlpatterns.append(path("mailbox/", include("conference.mailbox.urls")))
if settings.MAIL_PROVIDER:
    from registration.webhooks import tracking_urls

    urlpatterns.append(path("anymail/", include(tracking_urls(settings.MAIL_PROVIDER))))
urlpatterns += i18n_patterns(
    path("", include("registration.urls")),
    path("", include("workshops.urls")),
)

handler400 = "conference.errors.bad_request"
# Django knows no such handler; allauth looks for it when somebody signs in too often.
handler429 = "conference.errors.too_many_requests"
