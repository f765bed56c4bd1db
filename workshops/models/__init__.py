from workshops.models.agenda import Appearance, Session, WorkshopDay
from workshops.models.conference import Conference, Logo
from workshops.models.draft_import import DraftImport
from workshops.models.material import Material
from workshops.models.people import Organisation, Speaker
from workshops.models.release import Release
from workshops.models.team import Membership
from workshops.models.text_state import TextState
from workshops.models.workshop import Platform, Workshop, WorkshopHost

__all__ = [
    "Appearance",
    "Conference",
    "DraftImport",
    "Logo",
    "Material",
    "Membership",
    "Organisation",
    "Platform",
    "Release",
    "Session",
    "Speaker",
    "TextState",
    "Workshop",
    "WorkshopDay",
    "WorkshopHost",
]
