"""The one-command start: all data lies in DATA_DIR; every value can come from the environment instead."""

from conference.data_dir import DataDirError, data_dir, load_secrets, require_writable, socket_path
from conference.logs import configure
from conference.mail_provider import mail_provider
from conference.settings.base import *  # noqa: F403
from conference.settings.base import EMAIL_TIMEOUT, database, email, env, field_keys, redis, sqlite

try:
    DATA_DIR = data_dir()
    require_writable(DATA_DIR)
    _secrets = load_secrets(DATA_DIR)
except DataDirError as error:
    raise SystemExit(str(error)) from None

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", _secrets.secret_key)
FIELD_KEYS = field_keys(env.list("FIELD_KEYS", default=_secrets.field_keys))
BASE_URL = env.str("BASE_URL", f"http://127.0.0.1:{env.str('PORT', '') or '8000'}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

_database_url = env.str("DATABASE_URL", "")
DATABASES = {"default": database(_database_url) if _database_url else sqlite(DATA_DIR / "db.sqlite3")}
globals().update(redis(env.str("REDIS_URL", "") or f"unix://{socket_path(DATA_DIR)}"))
_email_url = env.str("EMAIL_URL", "")
_provider = mail_provider(has_smtp=bool(_email_url), timeout=EMAIL_TIMEOUT)
if _email_url:
    globals().update(email(_email_url))
elif not _provider:
    DEMO_MAILBOX_DIR = DATA_DIR / "mail"
    EMAIL_BACKEND = "conference.mailbox.backend.MailboxBackend"
globals().update(_provider)

STATIC_ROOT = DATA_DIR / "static"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
HEARTBEAT_DIR = DATA_DIR
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
LOGGING = configure(readable=True)
