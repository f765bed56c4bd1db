"""To the organiser who asked for a document: that it is ready, and until when. The address opens nothing by itself."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from registration.mails.letter import Button, Detail, Letter
from registration.mails.lines import one_line
from registration.mails.times import moment_text
from registration.models import Document, Message
from workshops.languages import active_language, choose, text_of
from workshops.templatetags.texts import short_date


def document_of(message: Message) -> Document:
    key = uuid.UUID(int=message.facts["document"])
    rows = Document.objects.select_related("conference", "workshop", "day", "requested_by").defer("file")
    return rows.get(pk=key)


def document_letter(document: Document) -> Letter:
    language, zones = active_language(), document.conference.zones
    kind = str(document.get_kind_display())
    about = document.workshop or document.conference
    title = choose(text_of(about, "title" if document.workshop else "name"), language)[0]
    ready = (
        Detail(_("Document"), kind),
        Detail(_("About"), title),
        Detail(_("Day"), short_date(document.day.date) if document.day else ""),
        Detail(pgettext("of a file", "Format"), document.get_format_display()),
        Detail(_("Kept until"), moment_text(document.expires_at, zones) if document.expires_at else ""),
    )
    name = one_line(document.requested_by.get_full_name())
    return Letter(
        language=language,
        hint=_("You will find this text in English further below."),
        subject=one_line(_("Ready: %(document)s") % {"document": f"{kind}, {title}"}),
        greeting=_("Dear %(name)s,") % {"name": name} if name else _("Good day,"),
        opening=(_("The document you asked for is ready."),),
        details=tuple(detail for detail in ready if detail.value),
        button=Button(
            _("To the document"),
            settings.BASE_URL + reverse("admin:registration_document_change", args=[document.pk]),
            _(
                "It opens for you alone, after signing in. It may hold personal data: please delete your copy in time."
            ),
        ),
        signature=(choose(text_of(document.conference, "name"), language)[0],),
    )
