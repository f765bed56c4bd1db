"""The site with all that may be switched on: the demo's mailbox, a mail provider's webhooks."""

from django.urls import include, path

from conference import urls
from registration.webhooks import tracking_urls

handler400, handler429 = urls.handler400, urls.handler429
urlpatterns = [
    path("mailbox/", include("conference.mailbox.urls")),
    path("anymail/", include(tracking_urls("postmark"))),
    *urls.urlpatterns,
]
