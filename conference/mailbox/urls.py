from django.urls import path

from conference.mailbox import views

app_name = "mailbox"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>/", views.detail, name="message"),
    path("<slug:name>/html/", views.html_part, name="html"),
    path("<slug:name>/source/", views.source, name="source"),
]
