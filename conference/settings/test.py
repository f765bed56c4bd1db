"""For the test suite: SQLite, or PostgreSQL where TEST_DATABASE_URL names one."""

import os

from conference.settings.base import *  # noqa: F403
from conference.settings.base import ROOT, SQLITE_OPTIONS, STORAGES, database, env

SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests-0123456789"  # noqa: S105
FIELD_KEYS = ["dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMDE="]
BASE_URL = "http://testserver"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
if _url := env.str("TEST_DATABASE_URL", ""):
    DATABASES = {"default": database(_url)}
else:
    _directory = ROOT / "var" / "test"
    _directory.mkdir(parents=True, exist_ok=True)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _directory / "unused.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            # A file, not memory, so that threads and processes meet in it; each run has its own.
            "TEST": {"NAME": _directory / f"{os.getpid()}.sqlite3"},
        }
    }
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
REDIS_URL = "memory://"
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
HEARTBEAT_DIR = None
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MAIL_RATE = None
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
ACCOUNT_MAIL_IN_BACKGROUND = False
SAME_ANSWER_SECONDS = 0
HEALTH_KEPT_SECONDS = 0
# What a test has just changed is seen at once.
PUBLIC_LOOK_SECONDS = 0
