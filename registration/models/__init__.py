from registration.models.access import AccessDetails
from registration.models.barrier import BarrierReport
from registration.models.invitation import Invitation, PersonalLink
from registration.models.mail_text import MailText
from registration.models.message import Message
from registration.models.pace import SendingPace
from registration.models.participant import Consent, Participant, PrivacyVersion
from registration.models.registration import Registration
from registration.models.suppression import DeliveryEvent, Suppression

__all__ = [
    "AccessDetails",
    "BarrierReport",
    "Consent",
    "DeliveryEvent",
    "Invitation",
    "MailText",
    "Message",
    "Participant",
    "PersonalLink",
    "PrivacyVersion",
    "Registration",
    "SendingPace",
    "Suppression",
]
