"""The site, and an address at which each error page can be looked at in each language."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from conference import urls

handler400, handler429 = urls.handler400, urls.handler429


def trouble(request: HttpRequest, page: str) -> HttpResponse:
    return render(request, f"{page}.html", status=int(page[:3]))


urlpatterns = [*i18n_patterns(path("trouble/<slug:page>/", trouble)), *urls.urlpatterns]
