"""The organisers' pages for people, mail and access details; importing the modules registers them."""

from registration.admin import access, barrier, invitation, message, participant, privacy, registration

__all__ = ["access", "barrier", "invitation", "message", "participant", "privacy", "registration"]
