"""Which texts exist in German, Turkish and English."""

from modeltranslation.translator import TranslationOptions, register

from workshops.models import (
    Conference,
    Organisation,
    Platform,
    Release,
    Session,
    Speaker,
    Workshop,
    WorkshopDay,
)


@register(Conference)
class ConferenceTranslation(TranslationOptions):
    fields = (
        "name",
        "tagline",
        "description",
        "home_zone_name",
        "partner_zone_name",
        "sender_name",
        "imprint",
        "conciliation_name",
        "conciliation_body",
        "accessibility_limits",
        "easy_language",
        "logo_alt",
    )


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("name",)


@register(Speaker)
class SpeakerTranslation(TranslationOptions):
    fields = ("position", "biography")


@register(Platform)
class PlatformTranslation(TranslationOptions):
    fields = ("instructions", "connection_test")


@register(Workshop)
class WorkshopTranslation(TranslationOptions):
    fields = ("title", "subtitle", "background", "goals", "format")


@register(WorkshopDay)
class WorkshopDayTranslation(TranslationOptions):
    fields = ("title", "description", "results")


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "description", "guiding_questions")


@register(Release)
class ReleaseTranslation(TranslationOptions):
    fields = ("note",)
