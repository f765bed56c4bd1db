"""The organisers' pages for people, mail and access details; importing the modules registers them."""

from registration.admin import (
    access,
    audit,
    barrier,
    invitation,
    mail_text,
    message,
    participant,
    privacy,
    registration,
    release,
    suppression,
)

__all__ = [
    "access",
    "audit",
    "barrier",
    "invitation",
    "mail_text",
    "message",
    "participant",
    "privacy",
    "registration",
    "release",
    "suppression",
]
