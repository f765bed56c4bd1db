"""A free message of the hosts: their own words, to somebody of a group they chose."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registration.mails.body import Body, registration_of
from registration.mails.letter import OwnText, Phrase
from registration.mails.lines import one_line, shortened
from registration.mails.own_words import LONGEST_SUBJECT, values_of
from registration.mails.sections import event_of, section_of
from registration.models import Announcement, Message
from workshops.languages import active_language, text_of


def announcement(message: Message) -> Body:
    registration = registration_of(message)
    found = Announcement.objects.get(pk=message.facts["announcement"])
    values = values_of(message, registration.participant)
    subject = OwnText(Phrase.of(text_of(found, "subject"), active_language()), values)
    text = OwnText(Phrase.of(text_of(found, "text"), active_language()), values)
    # With several events, which one would be shown is chance.
    is_about_one = found.workshops.count() == 1
    return Body(
        subject=shortened(one_line(subject.filled), LONGEST_SUBJECT),
        opening=_stand_in(text.phrase),
        text=text,
        sections=(section_of(event_of(registration)),) if is_about_one else (),
    )


def _stand_in(text: Phrase) -> tuple[str, ...]:
    """That the message does not exist in the reader's language."""
    if text.language == active_language():
        return ()
    said = {
        "de": _("The hosts wrote this message in German."),
        "tr": _("The hosts wrote this message in Turkish."),
        "en": _("The hosts wrote this message in English."),
    }
    return (said[text.language],)
