"""Django's way of sending, into the mailbox."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from conference.mailbox.store import mailbox_directory, save


class MailboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = [message for message in email_messages if message.recipients()]
        for message in sent:
            save(directory=mailbox_directory(), content=message.message().as_bytes())
        return len(sent)
