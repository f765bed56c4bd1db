"""The organisers' pages for the programme; importing the modules registers them."""

from workshops.admin import agenda, conference, draft_import, people, release, team, workshop

__all__ = ["agenda", "conference", "draft_import", "people", "release", "team", "workshop"]
