"""The environment of a complete, invented production."""

import os

VALUES = {
    "SECRET_KEY": "only-for-tests-but-long-enough-for-the-check-0123456789-abcdefghijk",
    "FIELD_KEYS": "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3QtMDE=",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_URL": "smtp://127.0.0.1:1",
    "ALLOWED_HOSTS": "conference.example",
    "BASE_URL": "https://conference.example",
}
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "DJANGO_SETTINGS_MODULE": "conference.settings.production",
    "PYTHONWARNINGS": "ignore",  # static files are collected when the image is built
    "PROXY_SSL_HEADER": "X-Forwarded-Proto",
    **VALUES,
}
