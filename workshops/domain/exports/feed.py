"""`/changes.atom`: every release with what it changed, for feed readers (RFC 4287)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, override
from django.utils.xmlutils import SimplerXMLGenerator

from workshops.domain.changelog import Entry, changelog
from workshops.domain.differences import Group, in_words
from workshops.domain.differences.times import moment_text
from workshops.domain.exports.addresses import page
from workshops.domain.exports.xml import clean
from workshops.domain.programme import ConferenceEntry, Programme
from workshops.languages import CODES, Text, choose


def changes_feed(*, programme: Programme, language: str) -> bytes:
    """The newest twenty releases, in `language` (de, tr, en). Two queries, however many there are."""
    conference = programme.conference
    with override(language):
        feed = _feed(conference, language)
        for entry in changelog(conference_id=conference.id, page=1).entries:
            feed.add_item(**_item(conference, entry, language))
        return bytes(feed.writeString("utf-8"), "utf-8")


class _Feed(Atom1Feed):
    """Names itself by a tag that outlives the address, and its pages in the other languages."""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        for language, address in self.feed["alternates"]:
            handler.addQuickElement(
                "link", "", {"rel": "alternate", "hreflang": language, "type": "text/html", "href": address}
            )


def _feed(conference: ConferenceEntry, language: str) -> _Feed:
    name = choose(conference.name, language)[0]
    sender = choose(conference.sender_name, language)[0]
    return _Feed(
        title=clean(f"{gettext('Changes to the programme')} – {name}"),
        link=page("changes", language),
        description="",
        subtitle=clean(choose(conference.tagline, language)[0]) or None,
        language=language,
        author_name=clean(sender or name),
        feed_url=f"{settings.BASE_URL}/changes.atom?lang={language}",
        feed_guid=_tag(conference, dt.date(conference.starts_on.year, 1, 1), f"changes/{language}"),
        alternates=[(code, page("changes", code)) for code in CODES if code != language],
    )


def _item(conference: ConferenceEntry, entry: Entry, language: str) -> dict[str, Any]:
    home_date = entry.released_at.astimezone(ZoneInfo(entry.zones[0].name)).date()
    heading = gettext("Release %(number)s") % {"number": entry.number}
    return {
        "title": clean(f"{heading} · {moment_text(entry.released_at, entry.zones)}"),
        "link": f"{page('changes', language)}#release-{entry.number}",
        "unique_id": _tag(conference, home_date, f"release/{entry.number}/{language}"),
        "pubdate": entry.released_at,
        "updateddate": entry.released_at,
        "description": clean(_content(entry, language)),
    }


def _content(entry: Entry, language: str) -> SafeString:
    note, code = choose(entry.note, language)
    said = format_html('<p lang="{}">{}</p>', code, note) if note else SafeString("")
    if entry.is_first:
        return said + _paragraph(gettext("The programme was published for the first time."))
    if not entry.groups:
        return said + _paragraph(gettext("Nothing was changed in the programme."))
    return said + format_html_join("", "{}", ((_group(group, language),) for group in entry.groups))


def _paragraph(text: str) -> SafeString:
    return format_html("<p>{}</p>", text)


def _group(group: Group, language: str) -> SafeString:
    sentences = format_html_join("", "<li>{}</li>", ((in_words(item),) for item in group.items))
    return format_html("{}<ul>{}</ul>", _heading(group.heading, language), sentences)


def _heading(heading: Text, language: str) -> SafeString:
    text, code = choose(heading, language)
    return format_html('<h2 lang="{}">{}</h2>', code, text)


def _tag(conference: ConferenceEntry, date: dt.date, name: str) -> str:
    """The same for ever, whatever becomes of the addresses (RFC 4151)."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"tag:{host},{date.isoformat()}:{conference.slug}/{name}"
