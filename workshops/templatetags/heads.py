"""What a public page tells those who list it or pass it on: its description, a picture, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from workshops.domain.differences.times import day_text
from workshops.domain.exports.linked_data import as_script, conference_data, speaker_data, workshop_data
from workshops.domain.programme import Programme, SpeakerEntry, WorkshopEntry
from workshops.languages import CODES, active_language, choose
from workshops.templatetags.texts import date_range

register = template.Library()

# As Open Graph writes them.
_LOCALES = {"de": "de_DE", "tr": "tr_TR", "en": "en_GB"}
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Head:
    """`data` is JSON for a script element, empty on pages that are about nothing in particular."""

    title: str
    description: str
    locale: str
    other_locales: tuple[str, ...]
    site: str
    picture: str
    kind: str
    feed: str
    feed_title: str
    default: str
    data: SafeString


@register.simple_tag(takes_context=True)
def page_head(context: dict[str, Any]) -> Head | None:
    """None where there is no programme yet, and so nothing to pass on."""
    programme = context.get("programme")
    return _Page(programme, context).head() if isinstance(programme, Programme) else None


@register.simple_tag(takes_context=True)
def page_description(context: dict[str, Any]) -> str:
    programme = context.get("programme")
    return _Page(programme, context).description() if isinstance(programme, Programme) else ""


class _Page:
    def __init__(self, programme: Programme, context: dict[str, Any]) -> None:
        self.programme, self.language = programme, active_language()
        match = getattr(context.get("request"), "resolver_match", None)
        self.name = match.view_name if match is not None else ""
        self.path = str(context.get("canonical") or "").removeprefix(settings.BASE_URL)
        self.about = self._about(context)

    def _about(self, context: dict[str, Any]) -> WorkshopEntry | SpeakerEntry | None:
        """Pages that list several name each of them the same way: the address decides."""
        wanted = {"workshops:workshop": "workshop", "workshops:speaker": "speaker"}.get(self.name, "")
        found = context.get(wanted)
        return found if isinstance(found, WorkshopEntry | SpeakerEntry) else None

    def head(self) -> Head:
        return Head(
            title=self.title(),
            description=self.description(),
            locale=_LOCALES[self.language],
            other_locales=tuple(_LOCALES[code] for code in CODES if code != self.language),
            site=self.text(self.programme.conference.name),
            picture=self.picture(),
            kind="profile" if isinstance(self.about, SpeakerEntry) else "website",
            feed=f"{settings.BASE_URL}{reverse('changes-feed')}?lang={self.language}",
            feed_title=gettext("Changes to the programme"),
            default=self.default(),
            data=self.data(),
        )

    def title(self) -> str:
        if isinstance(self.about, WorkshopEntry):
            return self.text(self.about.title)
        if isinstance(self.about, SpeakerEntry):
            return self.about.full_name
        names = {
            "workshops:programme": gettext("Programme"),
            "workshops:speakers": gettext("Speakers"),
            "workshops:changes": gettext("Changes to the programme"),
            "workshops:accessibility": gettext("Accessibility"),
            "workshops:imprint": gettext("Imprint"),
            "workshops:easy": gettext("Easy language"),
            "registration:privacy": gettext("Privacy"),
        }
        conference = self.text(self.programme.conference.name)
        return f"{names[self.name]} – {conference}" if self.name in names else conference

    def description(self) -> str:
        """In sentences and dates; times, where there are any, on both clocks."""
        return " ".join(self._said().split())[:_LONGEST]

    def _said(self) -> str:
        if isinstance(self.about, WorkshopEntry):
            days = [day_text(day) for day in self.about.days]
            return " · ".join(part for part in (self.text(self.about.subtitle), *days) if part)
        if isinstance(self.about, SpeakerEntry):
            house = self.about.organisation
            shown = (
                self.about.full_name,
                self.text(self.about.position),
                self.text(house.name) if house else "",
            )
            return ", ".join(part for part in shown if part)
        conference = self.programme.conference
        dates = date_range(conference.starts_on, conference.ends_on)
        if self.name == "workshops:programme":
            return (
                f"{dates}. {gettext('Every time is given on both clocks.')} {self.text(conference.tagline)}"
            )
        return self.text(conference.tagline) or dates

    def picture(self) -> str:
        """Its address names the release: social networks keep a picture for as long as its address is the same."""
        if isinstance(self.about, WorkshopEntry):
            path = reverse("preview-workshop", kwargs={"slug": self.about.slug})
        elif isinstance(self.about, SpeakerEntry):
            path = reverse("preview-speaker", kwargs={"slug": self.about.slug})
        else:
            path = reverse("preview")
        return f"{settings.BASE_URL}{path}?lang={self.language}&release={self.programme.release_number}"

    def default(self) -> str:
        """The address without a language, which leads to the reader's own."""
        prefix = f"/{self.language}/"
        bare = self.path.removeprefix(prefix) if self.path.startswith(prefix) else ""
        return f"{settings.BASE_URL}/{quote(bare, safe='/?=&%-._~')}"

    def data(self) -> SafeString:
        programme, language = self.programme, self.language
        if isinstance(self.about, WorkshopEntry):
            return as_script(
                workshop_data(
                    programme=programme, workshop=self.about, language=language, picture=self.picture()
                )
            )
        if isinstance(self.about, SpeakerEntry):
            return as_script(speaker_data(programme=programme, speaker=self.about, language=language))
        if self.name not in {"workshops:home", "workshops:programme"}:
            return SafeString("")
        agenda = self.name == "workshops:programme"
        return as_script(
            conference_data(programme=programme, language=language, picture=self.picture(), agenda=agenda)
        )

    def text(self, value: dict[str, str]) -> str:
        return choose(value, self.language)[0]
