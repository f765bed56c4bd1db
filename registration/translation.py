from modeltranslation.translator import TranslationOptions, register

from registration.models import PrivacyVersion


@register(PrivacyVersion)
class PrivacyVersionTranslation(TranslationOptions):
    fields = ("notice", "consent")
