"""`/admin/`, as startproject has it, and one page out of the database through a template."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

_TEMPLATE = "<!doctype html><title>Rights</title><ul>{% for row in rows %}<li>{{ row }}{% endfor %}</ul>"
_template = engines["django"].from_string(_TEMPLATE)


def page(request: HttpRequest) -> HttpResponse:
    rows = Permission.objects.select_related("content_type")
    return HttpResponse(_template.render({"rows": rows}, request))


urlpatterns = [path("admin/", admin.site.urls), path("page/", page)]
