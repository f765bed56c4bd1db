"""The Celery application. Tasks are only a nudge: the outbox table is the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings.demo")

app = Celery("koprue")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
