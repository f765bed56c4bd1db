"""The settings of a worker that tests start: the demo's, with a mail server that is given up and a beat that comes
sooner.
"""

from conference.settings.demo import *  # noqa: F403
from conference.settings.demo import CELERY_BEAT_SCHEDULE, env

EMAIL_TIMEOUT = env.int("MAIL_SECONDS", 3)
CELERY_BEAT_SCHEDULE = {"sweep-outbox": {**CELERY_BEAT_SCHEDULE["sweep-outbox"], "schedule": 1.0}}
