"""Addresses of the released programme for machines and printers: without a language, which `?lang=` names."""

from django.urls import path

from workshops.views import exports

urlpatterns = [
    path("programme.json", exports.programme_json_view, name="programme-json"),
    path("programme.pdf", exports.programme_pdf_view, name="programme-pdf"),
]
