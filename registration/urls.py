"""The participants' pages. Personal ones ask for the session a personal link was exchanged for."""

from __future__ import annotations

from django.urls import path

from registration.views import (
    answers,
    barrier,
    calendar,
    certificate,
    data,
    details,
    invitation,
    join,
    link,
    material,
    my,
    privacy,
    register,
    unsubscribe,
)

app_name = "registration"
urlpatterns = [
    # Before the token's own pattern, which takes whatever follows.
    path("invitation/decline/", answers.decline, name="decline"),
    path("invitation/", invitation.open_invitation),
    # A path, not a segment: a link that was mangled on its way gets the page that says so.
    path("invitation/<path:token>/", invitation.open_invitation, name="invitation"),
    path("register/", register.register, name="register"),
    path("my/", my.my, name="my"),
    path("my/cancel/<slug:slug>/", answers.cancel, name="cancel"),
    path("my/switch/<slug:slug>/", answers.switch, name="switch"),
    path("my/take/<slug:slug>/", answers.take, name="take"),
    path("my/pass/<slug:slug>/", answers.let_pass, name="pass"),
    path("my/certificate/<slug:slug>/", certificate.own_certificate, name="own_certificate"),
    path("my/join/<int:day>/", join.join, name="join"),
    path("my/material/<int:pk>/", material.own_material, name="own_material"),
    path("my/leave/", answers.leave, name="leave"),
    path("my/left/", answers.left, name="left"),
    path("my/details/", details.details, name="details"),
    path("my/calendar/", calendar.own_address, name="own_calendar"),
    path("my/calendar/file.ics", calendar.own_file, name="own_calendar_file"),
    path("my/data/", data.data, name="data"),
    path("my/data/download/", data.download, name="data_download"),
    path("my/data/erase/", data.erase, name="data_erase"),
    path("my/data/erased/", data.erased, name="data_erased"),
    path("unsubscribe/", unsubscribe.unsubscribe),
    # A path, as above.
    path("unsubscribe/<path:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    # A path: a code that was mangled on its way gets the page that says so.
    path("certificates/<path:code>/", certificate.certificate, name="certificate"),
    # A path, as above; the ending is what calendar programs look at.
    path("calendar/<path:token>.ics", calendar.subscription, name="calendar"),
    path("link/", link.link, name="link"),
    path("link/sent/", link.link_sent, name="link_sent"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("accessibility/report/", barrier.barrier, name="barrier"),
    path("accessibility/report/sent/", barrier.barrier_sent, name="barrier_sent"),
]
