from registration.models.access import AccessDetails
from registration.models.barrier import BarrierReport
from registration.models.invitation import Invitation, PersonalLink
from registration.models.message import Message
from registration.models.participant import Consent, Participant, PrivacyVersion
from registration.models.registration import Registration

__all__ = [
    "AccessDetails",
    "BarrierReport",
    "Consent",
    "Invitation",
    "Message",
    "Participant",
    "PersonalLink",
    "PrivacyVersion",
    "Registration",
]
