"""The least that Django runs with: no middleware, no application, no templates."""

from __future__ import annotations

import os

import environ

SECRET_KEY = "nothing is signed here"  # noqa: S105  # nosec B105
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "scripts.bench.floor.urls"
MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
USE_I18N = False
LOGGING_CONFIG = None
DATABASES = {}
if _url := os.environ.get("DATABASE_URL"):
    # As in conference/settings/base.py, but for the question whether a connection still works.
    DATABASES = {"default": {**environ.Env().db_url_config(_url), "CONN_MAX_AGE": 60}}
