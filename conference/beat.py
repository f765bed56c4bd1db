"""Celery's application for beat alone: it names tasks, so it needs none of Django's apps nor their memory."""

import logging.config
import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")

app = Celery("koprue", fixups=set())
app.config_from_object("django.conf:settings", namespace="CELERY")
logging.config.dictConfig(settings.LOGGING)

from conference import heartbeat  # noqa: E402, F401 (connects Celery's signals, which it needs the settings for)
