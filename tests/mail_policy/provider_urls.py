"""The site as it is where the settings name a mail provider; here several at once."""

from django.urls import include, path

from conference.mail_provider import PROVIDERS
from conference.urls import handler400
from conference.urls import urlpatterns as site
from registration.webhooks import tracking_urls

__all__ = ["handler400"]
urlpatterns = [path("anymail/", include(tracking_urls(name))) for name in PROVIDERS] + site
