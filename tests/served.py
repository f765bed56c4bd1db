"""The settings of a server that tests start for themselves: production, but for what an image build brings."""

import warnings

warnings.filterwarnings("ignore", "No directory at")

from conference.settings.production import *  # noqa: E402, F403
from conference.settings.production import STORAGES, env  # noqa: E402

# A test may serve addresses of its own, to show what would happen without ours.
ROOT_URLCONF = env.str("ROOT_URLCONF", "conference.urls")

STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# What a test has just changed is seen at once, unless this is what it is about.
PUBLIC_LOOK_SECONDS = env.float("PUBLIC_LOOK_SECONDS", 0)
# As in the tests' own settings: the accounts are theirs.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
