"""What the providers post when they report: their own formats, signed with their own means."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from django.test import Client

from registration.models import Message

SECRET, SIGNING_KEY, MAILTRAP_SECRET = "reports:a-long-random-password", "mailgun-signing-key", "mailtrap-key"
AT = 1_592_208_000  # 15 June 2020, 08:00 UTC
ANYMAIL = {
    "WEBHOOK_SECRET": ["former:password-that-was", SECRET],
    "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY,
    "MAILTRAP_TRACKING_SECRET": MAILTRAP_SECRET,
}


def basic(secret: str = SECRET) -> str:
    return "Basic " + base64.b64encode(secret.encode()).decode()


def post(provider: str, payload: Any, secret: str | None = SECRET, **headers: str) -> Any:
    given = headers if secret is None else {"authorization": basic(secret), **headers}
    return Client(raise_request_exception=False, enforce_csrf_checks=True).post(
        f"/anymail/{provider}/tracking/", payload, content_type="application/json", headers=given
    )


# Mailgun signs the time and a token of each attempt to tell us.


def mailgun(
    event: str, message: Message, *, token: str = "t" * 50, at: float = AT, **data: Any
) -> dict[str, Any]:
    about: dict[str, Any] = {
        "event": event,
        "id": "CPgfbmQMTCKtHW6uIWtuVe",
        "timestamp": at,
        "recipient": message.recipient,
        "message": {"headers": {"message-id": message.message_id.strip("<>"), "to": message.recipient}},
        "user-variables": {"message": str(message.pk)},
        **data,
    }
    return {"signature": signature(token), "event-data": about}


def signature(token: str, key: str = SIGNING_KEY) -> dict[str, str]:
    signed = hmac.new(key.encode(), f"{AT}{token}".encode(), hashlib.sha256).hexdigest()
    return {"timestamp": str(AT), "token": token, "signature": signed}


def mailgun_bounce(message: Message, **data: Any) -> dict[str, Any]:
    said = f"550 5.1.1 <{message.recipient}> unknown, see https://mail.example/help?id=secret"
    failure: dict[str, Any] = {
        "severity": "permanent",
        "reason": "bounce",
        "delivery-status": {"code": 550, "message": said, "description": ""},
    }
    return mailgun("failed", message, **{**failure, **data})


def tell_mailgun(payload: dict[str, Any], **headers: str) -> Any:
    return post("mailgun", json.dumps(payload), **headers)


# Postmark and Brevo sign nothing: they send the name and the password of the address they were given.


def postmark(record: str, message: Message, **data: Any) -> dict[str, Any]:
    bounce = {"ID": 692560173, "Details": "smtp;550 5.1.1 unknown user", "Email": message.recipient}
    about = {
        "RecordType": record,
        "MessageID": "2706ee8a-737c-4285-b032-ccd317af53ed",
        "Metadata": {"message": str(message.pk)},
        "BouncedAt": "2020-06-15T08:00:00Z",
        "Tag": "",
    }
    return {**about, **(bounce if record in {"Bounce", "SpamComplaint"} else {}), **data}


def brevo(event: str, message: Message, **data: Any) -> dict[str, Any]:
    about = {
        "event": event,
        "email": message.recipient,
        "id": 26224,
        "date": "2020-06-15 10:00:00",
        "ts_epoch": AT * 1000,
        "message-id": message.message_id,
        "reason": "550 5.1.1 unknown user",
        "X-Mailin-custom": json.dumps({"message": str(message.pk)}),
    }
    return {**about, **data}


def mailjet(event: str, message: Message, **data: Any) -> list[dict[str, Any]]:
    about = {
        "event": event,
        "time": AT,
        "MessageID": 19421777835146490,
        "email": message.recipient,
        "Payload": json.dumps({"message": str(message.pk)}),
    }
    return [{**about, **data}]


def mailtrap(event: str, message: Message, **data: Any) -> dict[str, Any]:
    about = {
        "event": event,
        "message_id": "b1c2",
        "event_id": "e1",
        "email": message.recipient,
        "timestamp": AT,
        "custom_variables": {"message": str(message.pk)},
    }
    return {"events": [{**about, **data}]}


def tell_mailtrap(payload: dict[str, Any]) -> Any:
    body = json.dumps(payload)
    signed = hmac.new(MAILTRAP_SECRET.encode(), body.encode(), hashlib.sha256).hexdigest()
    return post("mailtrap", body, **{"mailtrap-signature": signed})


def sparkpost(event: str, message: Message, **data: Any) -> list[dict[str, Any]]:
    about = {
        "type": event,
        "event_id": "92356927693813856",
        "timestamp": str(AT),
        "transmission_id": "65832150921904138",
        "raw_rcpt_to": message.recipient,
        "rcpt_meta": {"message": str(message.pk)},
    }
    return [{"msys": {"message_event": {**about, **data}}}]
