"""Addresses of the released programme for machines and printers: without a language, which `?lang=` names."""

from django.urls import path

from workshops.views import calendar, discovery, exports, material

urlpatterns = [
    path("programme.json", exports.programme_json_view, name="programme-json"),
    path("programme.xml", exports.programme_xml_view, name="programme-xml"),
    path("programme.pdf", exports.programme_pdf_view, name="programme-pdf"),
    path("changes.atom", exports.changes_feed_view, name="changes-feed"),
    path("sitemap.xml", discovery.sitemap_view, name="sitemap"),
    path("preview.png", discovery.conference_picture, name="preview"),
    path("preview/workshops/<slug:slug>.png", discovery.workshop_picture, name="preview-workshop"),
    path("preview/speakers/<slug:slug>.png", discovery.speaker_picture, name="preview-speaker"),
    path("programme.ics", calendar.programme_ics, name="programme-ics"),
    path("workshops/<slug:slug>.ics", calendar.workshop_ics, name="workshop-ics"),
    path("sessions/<int:pk>.ics", calendar.session_ics, name="session-ics"),
    path("material/<int:pk>/", material.material_file, name="material"),
]
