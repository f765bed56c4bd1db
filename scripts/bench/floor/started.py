"""Settings of a site as `django-admin startproject bare` leaves it, on our database server and not for development.

What the command writes is imported: nothing is taken away, and nothing is loaded that such a site does not load.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from bare.settings import *  # type: ignore[import-not-found]  # noqa: F403

_url = urlsplit(os.environ["DATABASE_URL"])
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "scripts.bench.floor.started_urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": _url.hostname,
        "PORT": _url.port,
        "USER": _url.username,
        "PASSWORD": _url.password,
        "NAME": _url.path[1:],
    }
}
