from modeltranslation.translator import TranslationOptions, register

from registration.models import Announcement, MailText, PrivacyVersion


@register(PrivacyVersion)
class PrivacyVersionTranslation(TranslationOptions):
    fields = ("notice", "consent")


@register(MailText)
class MailTextTranslation(TranslationOptions):
    fields = ("subject", "opening")


@register(Announcement)
class AnnouncementTranslation(TranslationOptions):
    fields = ("subject", "text")
