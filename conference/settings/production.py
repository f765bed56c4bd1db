"""Production: everything secret comes from the environment, and without it nothing starts."""

from pathlib import Path
from tempfile import gettempdir

from conference.logs import configure
from conference.mail_provider import mail_provider
from conference.sentry import start_error_tracking
from conference.settings.base import *  # noqa: F403
from conference.settings.base import EMAIL_TIMEOUT, database, email, env, field_keys, redis

_REQUIRED = (
    "SECRET_KEY",
    "FIELD_KEYS",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "ALLOWED_HOSTS",
    "BASE_URL",
)
_email_url = env.str("EMAIL_URL", "").strip()
_provider = mail_provider(has_smtp=bool(_email_url), timeout=EMAIL_TIMEOUT)
# Without an EMAIL_URL mail leaves through the provider's own interface.
_given = {"EMAIL_URL"} if _provider else set()
if _missing := [name for name in _REQUIRED if name not in _given and not env.str(name, "").strip()]:
    # Not ImproperlyConfigured: so gunicorn, Celery and manage.py print this line and no traceback.
    raise SystemExit(f"Köprü does not start: set {', '.join(_missing)} in the environment.")

SECRET_KEY = env.str("SECRET_KEY")
FIELD_KEYS = field_keys(env.list("FIELD_KEYS"))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
BASE_URL = env.str("BASE_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
DATABASES = {"default": database(env.str("DATABASE_URL"))}
globals().update(redis(env.str("REDIS_URL")))
if _email_url:
    globals().update(email(_email_url))
globals().update(_provider)

SECURE_SSL_REDIRECT = True
# The probes come from inside, without TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# Only where a proxy really sets it (and strips it from requests): else anyone could pretend to use TLS.
if _header := env.str("PROXY_SSL_HEADER", ""):
    SECURE_PROXY_SSL_HEADER = (f"HTTP_{_header.upper().replace('-', '_')}", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
# The prefix makes browsers refuse these cookies unless they are secure and of this very host.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language"
SESSION_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True

ADMIN_REQUIRES_SECOND_FACTOR = True

HEARTBEAT_DIR = Path(env.str("DATA_DIR", "") or gettempdir())
CELERY_BEAT_SCHEDULE_FILENAME = str(HEARTBEAT_DIR / "beat-schedule")
LOGGING = configure(readable=False)
start_error_tracking(env.str("SENTRY_DSN", ""))
