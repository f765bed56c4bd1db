from django.urls import path

from workshops.views import changes, offline, pages

app_name = "workshops"
urlpatterns = [
    path("", pages.home, name="home"),
    path("programme/", pages.programme, name="programme"),
    path("now/", pages.now, name="now"),
    path("clock/", pages.clock, name="clock"),
    path("offline/", pages.offline, name="offline"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("changes/", changes.changes, name="changes"),
    path("workshops/<slug:slug>/", pages.workshop, name="workshop"),
    path("speakers/", pages.speakers, name="speakers"),
    path("speakers/<slug:slug>/", pages.speaker, name="speaker"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("easy/", pages.easy, name="easy"),
    path("imprint/", pages.imprint, name="imprint"),
]
