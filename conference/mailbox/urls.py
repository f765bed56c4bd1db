from django.urls import path, register_converter

from conference.mailbox import views
from conference.mailbox.converter import MessageName

register_converter(MessageName, "message_name")
app_name = "mailbox"
urlpatterns = [
    path("", views.index, name="index"),
    path("<message_name:name>/", views.detail, name="message"),
    path("<message_name:name>/html/", views.html_part, name="html"),
    path("<message_name:name>/source/", views.source, name="source"),
]
