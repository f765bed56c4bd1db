"""What holds in every environment; `demo`, `production` and `test` add what differs."""

from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from conference.broker import broker_options, broker_url, cache_options, cache_url

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent.parent

DEBUG = False
# Former keys: links in old mails, and the addresses that are not to be invited, are still known by them.
SECRET_KEY_FALLBACKS = [key.strip() for key in env.list("SECRET_KEY_FALLBACKS", default=[]) if key.strip()]
# The worker serves no requests: it builds links from this address.
BASE_URL = ""
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "vorkonferenz@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
# Addresses that exist only in the demo: its mailbox.
DEMO_MAILBOX_DIR: Path | None = None

INSTALLED_APPS = [
    "modeltranslation",
    "conference",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_countries",
    "csp",
    # Brings a whole HTTP client into every process.
    *(["anymail"] if env.str("MAIL_PROVIDER", "").strip() else []),
    "auditlog",
    "workshops",
    "registration",
    "conference.admin.KoprueAdminConfig",
]

MIDDLEWARE = [
    "conference.middleware.RequestLog",
    "conference.public_bytes.middleware.PublicBytes",
    "conference.middleware.BrowserHeaders",
    # So far out, that refusals of those below carry its header as well.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "conference.middleware.ReadToTheEnd",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "conference.middleware.KnownMethods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "conference.middleware.RefuseNullBytes",
    "conference.middleware.RefusedMethods",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "conference.audit.Unrecorded",
    "django.contrib.messages.middleware.MessageMiddleware",
    "conference.second_factor.SecondFactorRequired",
]

ROOT_URLCONF = "conference.urls"
WSGI_APPLICATION = "conference.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DEFAULT_EXCEPTION_REPORTER = "conference.error_reports.SilentReporter"
CSRF_FAILURE_VIEW = "conference.errors.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# English is the language of the source texts, so that it needs no catalogue of its own: Django falls
# back to LANGUAGE_CODE's catalogue, and with "de" here an English page would come out German.
LANGUAGE_CODE = "en"
LANGUAGES = [("de", _("German")), ("tr", _("Turkish")), ("en", _("English"))]
MODELTRANSLATION_LANGUAGES = ("de", "tr", "en")
MODELTRANSLATION_DEFAULT_LANGUAGE = "de"
MODELTRANSLATION_FALLBACK_LANGUAGES = {
    "default": ("de", "tr", "en"),
    "tr": ("tr", "de", "en"),
    "en": ("en", "de", "tr"),
}
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["conference.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS.append({"NAME": "conference.passwords.ContextWordsValidator"})
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "conference.accounts.OrganisersAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# Organisers are entered by organisers, with an address that is known to be theirs.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Köprü: "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_MAIL_IN_BACKGROUND = True
# The name, else the address; allauth's own choice would be the user name, which is made up.
ACCOUNT_USER_DISPLAY = str
# Longer than the work takes where an address is known: see conference/same_time.py.
SAME_ANSWER_SECONDS = 0.25
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "conference.encryption.EncryptedFactors"
# Production sets it: whoever opens other people's data there signs in with more than a password.
ADMIN_REQUIRES_SECOND_FACTOR = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Köprü"

# Also without its middleware: no address of whoever asks is ever kept.
AUDITLOG_DISABLE_REMOTE_ADDR = True
AUDITLOG_STORE_JSON_CHANGES = True

# What public pages show, as querysets, and how long a process trusts what it last heard of them.
PUBLIC_FACTS = ["workshops.domain.public_facts.facts", "registration.domain.public_facts.facts"]
PUBLIC_LOOK_SECONDS = 0.5
# How long one process answers /health/ready with what it has found well.
HEALTH_KEPT_SECONDS = 1.0

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "conference.sessions"
# A working day; a browser that is closed forgets an organiser's session at once.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
# Not in a cookie of its own: what is said to a person stays on the server.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Each difference between a draft and the programme can be picked: see MOST_TO_PICK in workshops/admin/draft_pages.py.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
# A killed worker's task comes back; the outbox claims a message before it sends, so twice does no harm.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A page must not wait for a broker that is away: one try, then the sweep takes over.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "retry_on_timeout": False,
    "max_retries": 0,
}
# Apart from everything else, so that the sweep has its turn however much mail waits: a worker asks its queues by
# turns.
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {
    "celery": {},
    "mail": {},
    "mail_to_many": {},
    "documents": {},
}
CELERY_TASK_ROUTES = {
    "registration.tasks.drain_outbox": {"queue": "mail"},
    "registration.tasks.drain_mail_to_many": {"queue": "mail_to_many"},
    "registration.tasks.make_documents": {"queue": "documents"},
    # Drawn for longer than a sweep may wait.
    "workshops.tasks.draw_programme": {"queue": "documents"},
}
# A long PDF leaves its process large (KiB); what is small enough to stay is more than mail ever needs.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 250_000
CELERY_BEAT_SCHEDULER = "conference.periodic.Scheduler"


def _every(seconds: int, task: str) -> dict[str, Any]:
    """One that nobody fetched in time is worth nothing: the next one does the same."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": _every(10, "registration.tasks.sweep_outbox"),
    "expire-invitations": _every(600, "registration.tasks.expire_invitations"),
    "write-invitations": _every(10, "registration.tasks.write_invitations"),
    "remind-invited": _every(600, "registration.tasks.remind_invited"),
    "write-by-the-clock": _every(60, "registration.tasks.write_by_the_clock"),
    "announce-access": _every(30, "registration.tasks.announce_access"),
    "make-documents": _every(10, "registration.tasks.make_documents"),
    "expire-documents": _every(600, "registration.tasks.expire_documents"),
    # After a release; and what the cache has lost.
    "draw-programme": _every(10, "workshops.tasks.draw_programme"),
    # Drafts whose nudge got lost, or whose reader died.
    "read-draft-imports": _every(15, "workshops.tasks.read_draft_imports"),
    # Not daily: in a new container beat begins to count anew, and who deploys every day would never get there.
    "erase-expired-data": _every(3600, "registration.tasks.erase_expired_data"),
    "clear-sessions": _every(3600, "conference.tasks.clear_sessions"),
}

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # secure_delete: what was erased is overwritten in the file, too.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
    ),
}


def sqlite(path: Path | str) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": SQLITE_OPTIONS}


# Of a database whose machine vanished nobody hears: without these each thread would wait for a quarter of an hour.
_LIVELY = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000}


def database(url: str) -> dict[str, Any]:
    """Django's entry for a DATABASE_URL, with what each engine needs under concurrent use."""
    config: dict[str, Any] = env.db_url_config(url)
    if "ENGINE" not in config:
        raise SystemExit("DATABASE_URL cannot be read. Expected: postgres://user:password@host/name")
    if config["ENGINE"] == "django.db.backends.sqlite3":
        return sqlite(config["NAME"])
    options = {"connect_timeout": 5, **_LIVELY, **config.get("OPTIONS", {})}
    return {
        **config,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A pooler in transaction mode gives the server's session to somebody else after each transaction. What reads
        # many rows reads them in portions: see conference/portions.py.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }


def redis(url: str) -> dict[str, Any]:
    """The settings that follow from a REDIS_URL: the broker's and the cache's."""
    try:
        options, pool = broker_options(url), cache_options(url)
    except ValueError:
        raise SystemExit(
            "REDIS_URL cannot be read. Expected: redis://host:6379/0 or sentinel://host:26379,host:26379/0?master=NAME"
        ) from None
    cache = {
        "BACKEND": "conference.cache.PatientRedisCache",
        # A list, since Django takes a comma for the beginning of another server.
        "LOCATION": [cache_url(url)],
        "KEY_PREFIX": "koprue",
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, **pool},
    }
    return {
        "REDIS_URL": url,
        "CELERY_BROKER_URL": broker_url(url),
        "CELERY_BROKER_TRANSPORT_OPTIONS": {**CELERY_BROKER_TRANSPORT_OPTIONS, **options},
        "CACHES": {"default": cache},
    }


def email(url: str) -> dict[str, Any]:
    """The settings that follow from an EMAIL_URL such as `smtp://user:password@host:port`."""
    try:
        config: dict[str, Any] = env.email_url_config(url)
    except environ.ImproperlyConfigured:
        raise SystemExit("EMAIL_URL cannot be read. Expected: smtp://user:password@host:port") from None
    return {key: value for key, value in config.items() if key.startswith("EMAIL_") and value is not None}


def mail_rate(value: str) -> int | None:
    """How many mails may leave in a minute; None for no limit."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and int(value)):
        raise SystemExit(
            "MAIL_RATE cannot be read. Expected: mails a minute, such as 60; empty for no limit."
        )
    return int(value)


# A provider that reports bounces and complaints (see conference/mail_provider.py).
MAIL_PROVIDER = ""

MAIL_RATE = mail_rate(env.str("MAIL_RATE", "").strip())

# Empty: /metrics does not exist, and nothing is counted.
METRICS_TOKEN = env.str("METRICS_TOKEN", "").strip()


def field_keys(keys: list[str]) -> list[str]:
    """Refuses at the start what would otherwise fail when the first access details are saved."""
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise SystemExit("FIELD_KEYS: not every one is a Fernet key (32 bytes, URL-safe base64).") from None
    return keys
