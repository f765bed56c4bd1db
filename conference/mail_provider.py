"""The mail provider the operator names: whether mail leaves through its interface, and what proves its reports.

Only providers whose reports can be told to be theirs, and which send our own number of the message back.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PREFIX = "ANYMAIL_"
_BASIC_AUTH = "WEBHOOK_SECRET"


@dataclass(frozen=True, slots=True)
class Provider:
    """`keys` are asked for where mail leaves through the provider's interface; `proof` shows that a report is its own.

    `header` carries our number of the message where mail leaves by SMTP, in the form the provider sends back.
    """

    keys: tuple[str, ...]
    proof: str
    header: tuple[str, str]


PROVIDERS = {
    "brevo": Provider(("BREVO_API_KEY",), _BASIC_AUTH, ("X-Mailin-custom", '{{"message": "{key}"}}')),
    "mailgun": Provider(
        ("MAILGUN_API_KEY",),
        "MAILGUN_WEBHOOK_SIGNING_KEY",
        ("X-Mailgun-Variables", '{{"message": "{key}"}}'),
    ),
    "mailjet": Provider(
        ("MAILJET_API_KEY", "MAILJET_SECRET_KEY"),
        _BASIC_AUTH,
        ("X-MJ-EventPayload", '{{"message": "{key}"}}'),
    ),
    "mailtrap": Provider(
        ("MAILTRAP_API_TOKEN",),
        "MAILTRAP_TRACKING_SECRET",
        ("X-MT-Custom-Variables", '{{"message": "{key}"}}'),
    ),
    "postmark": Provider(("POSTMARK_SERVER_TOKEN",), _BASIC_AUTH, ("X-PM-Metadata-message", "{key}")),
    "sparkpost": Provider(
        ("SPARKPOST_API_KEY",), _BASIC_AUTH, ("X-MSYS-API", '{{"metadata": {{"message": "{key}"}}}}')
    ),
}


def mail_provider(
    *, has_smtp: bool, timeout: int, environment: Mapping[str, str] = os.environ
) -> dict[str, Any]:
    """The settings that follow from MAIL_PROVIDER; none without it.

    With an EMAIL_URL mail leaves by SMTP and only the reports come in. Ends the process with one line where something
    is missing: anybody could make us believe that an address bounced.
    """
    name = environment.get("MAIL_PROVIDER", "").strip().lower()
    if not name:
        return {}
    if name not in PROVIDERS:
        raise SystemExit(f"MAIL_PROVIDER: “{name}” is not known. There are: {', '.join(PROVIDERS)}.")
    provider, given = PROVIDERS[name], _given(environment)
    asked = (provider.proof, *(() if has_smtp else provider.keys))
    if missing := [f"{_PREFIX}{key}" for key in asked if not given.get(key)]:
        raise SystemExit(f"MAIL_PROVIDER is {name}: set {', '.join(missing)} in the environment.")
    if not all(":" in secret for secret in given.get(_BASIC_AUTH, [])):
        raise SystemExit(f"{_PREFIX}{_BASIC_AUTH} cannot be read. Expected: user:password")
    settings = {"MAIL_PROVIDER": name, "ANYMAIL": {"REQUESTS_TIMEOUT": timeout, **given}}
    return settings if has_smtp else settings | {"EMAIL_BACKEND": f"anymail.backends.{name}.EmailBackend"}


def _given(environment: Mapping[str, str]) -> dict[str, Any]:
    """Every ANYMAIL_… variable that is not empty, as Anymail names its settings."""
    found: dict[str, Any] = {
        name.removeprefix(_PREFIX): value.strip()
        for name, value in environment.items()
        if name.startswith(_PREFIX) and value.strip()
    }
    if _BASIC_AUTH in found:
        # Several, so that one can be changed without losing a report.
        found[_BASIC_AUTH] = [secret.strip() for secret in found[_BASIC_AUTH].split(",") if secret.strip()]
    return found


def header_for(*, provider: str, key: object) -> dict[str, str]:
    """What makes a provider send our number of a message back that left by SMTP."""
    name, form = PROVIDERS[provider].header
    return {name: form.format(key=key)}
