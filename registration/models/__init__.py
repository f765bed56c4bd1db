from registration.models.access import AccessDetails, AccessTold
from registration.models.access_code import AccessCode
from registration.models.announcement import Announcement, Notice
from registration.models.attendance import Attendance, Certificate
from registration.models.barrier import BarrierReport
from registration.models.calendar import CalendarSubscription
from registration.models.document import Document
from registration.models.invitation import Invitation, PersonalLink
from registration.models.invitation_list import InvitationList, InvitationRow
from registration.models.mail_text import MailText
from registration.models.message import Message
from registration.models.pace import SendingPace
from registration.models.participant import Consent, Participant, PrivacyVersion
from registration.models.registration import Registration
from registration.models.suppression import DeliveryEvent, Suppression

__all__ = [
    "AccessCode",
    "AccessDetails",
    "AccessTold",
    "Announcement",
    "Attendance",
    "BarrierReport",
    "CalendarSubscription",
    "Certificate",
    "Consent",
    "DeliveryEvent",
    "Document",
    "Invitation",
    "InvitationList",
    "InvitationRow",
    "MailText",
    "Message",
    "Notice",
    "Participant",
    "PersonalLink",
    "PrivacyVersion",
    "Registration",
    "SendingPace",
    "Suppression",
]
