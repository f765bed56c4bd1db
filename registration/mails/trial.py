"""A mail to the organiser themselves, to see in their own mailbox what others will get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import override

from registration.domain.announcements.group import missing_languages
from registration.domain.announcements.send import NOBODY
from registration.domain.transitions import NotPossible
from registration.mails.folded import FoldedMail
from registration.mails.letter import Button, Letter
from registration.mails.preview import preview_announcement, preview_invitation
from registration.mails.render import BOTH, sender_of
from registration.mails.written import written
from registration.models import Announcement
from workshops.languages import CODES
from workshops.models import Conference, Workshop

# No personal link looks like this: the page behind it says that it is not known.
_NO_TOKEN = "test"  # noqa: S105


def invitation_as_test(
    *, conference: Conference, workshops: Sequence[Workshop], language: str, recipient: str
) -> EmailMultiAlternatives:
    """Marked as a test, with links that open nothing; in German and Turkish where `language` is empty."""
    wanted = (language,) if language else BOTH
    found = preview_invitation(conference=conference, workshops=workshops)
    return as_test(conference, found, wanted, recipient)


def announcement_as_test(*, announcement: Announcement, recipient: str) -> EmailMultiAlternatives:
    """The same of a message to a group, in each language in which it is written; as somebody of the group gets it.

    Raises NotPossible where nobody belongs to the group.
    """
    found = preview_announcement(announcement=announcement)
    if not found:
        raise NotPossible(NOBODY)
    missing = missing_languages(announcement=announcement)
    wanted = [code for code in CODES if code not in missing]
    return as_test(announcement.conference, found, wanted, recipient)


def as_test(
    conference: Conference,
    found: Sequence[Letter],
    wanted: Sequence[str],
    recipient: str,
    *,
    shows_access: bool = False,
) -> EmailMultiAlternatives:
    """`shows_access`: the access details in these letters are the real ones, and the mail says so."""
    letters = [
        _marked(letter, shows_access) for code in wanted for letter in found if letter.language == code
    ]
    text = written(letters)
    mail = FoldedMail(
        subject=text.subject,
        body=text.plain,
        from_email=sender_of(conference, wanted),
        to=[recipient],
        reply_to=[conference.contact_email],
        headers={"Auto-Submitted": "auto-generated", "Content-Language": ", ".join(wanted)},
    )
    mail.attach_alternative(text.html, "text/html")
    return mail


def _marked(letter: Letter, shows_access: bool) -> Letter:
    with override(letter.language):
        subject = _("Test: %(subject)s") % {"subject": letter.subject}
        notice = _("This is a test, sent to you alone. The links in it open nothing.")
        if shows_access:
            notice = _("This is a test, sent to you alone. The access details in it are the real ones.")
    return replace(
        letter,
        subject=subject,
        notice=notice,
        button=_harmless(letter.button),
        unsubscribe=_harmless(letter.unsubscribe),
    )


def _harmless(button: Button | None) -> Button | None:
    """Where the preview shows dots, a mail needs an address that can be pressed."""
    return replace(button, url=button.url.replace("/…/", f"/{_NO_TOKEN}/")) if button else None
