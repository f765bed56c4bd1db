from modeltranslation.translator import TranslationOptions, register

from registration.models import MailText, PrivacyVersion


@register(PrivacyVersion)
class PrivacyVersionTranslation(TranslationOptions):
    fields = ("notice", "consent")


@register(MailText)
class MailTextTranslation(TranslationOptions):
    fields = ("subject", "opening")
