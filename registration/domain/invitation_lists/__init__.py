"""Inviting many people at once: read what was given, look each person up, write the invitations, remind."""
