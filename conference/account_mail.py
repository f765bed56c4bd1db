"""Mail about organisers' accounts leaves in a thread of its own.

A page that waited for the mail server would be slow while it is away, and slower for a known address than for an
unknown one. Whoever got no mail asks again: nothing but this mail depends on it.
"""

from __future__ import annotations

import threading

import structlog
from django.conf import settings
from django.core.mail import EmailMessage

log = structlog.get_logger(__name__)


def send_soon(message: EmailMessage) -> None:
    """Returns at once and never raises."""
    if settings.ACCOUNT_MAIL_IN_BACKGROUND:
        threading.Thread(target=_send, args=[message], name="account-mail").start()
    else:
        _send(message)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception as error:  # a thread has nobody to tell, and the page was answered
        log.warning("account mail not sent", reason=type(error).__name__)
