from django.urls import path

from workshops.views import changes, pages

app_name = "workshops"
urlpatterns = [
    path("", pages.home, name="home"),
    path("programme/", pages.programme, name="programme"),
    path("changes/", changes.changes, name="changes"),
    path("workshops/<slug:slug>/", pages.workshop, name="workshop"),
    path("speakers/", pages.speakers, name="speakers"),
    path("speakers/<slug:slug>/", pages.speaker, name="speaker"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("imprint/", pages.imprint, name="imprint"),
]
