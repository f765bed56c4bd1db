"""To a colleague who is on the team now: what they may do, and how they get in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conference.models import User
from registration.mails.digest import conference_of
from registration.mails.letter import Button, Letter, Phrase, Section
from registration.mails.lines import one_line
from registration.mails.times import moment_text
from registration.models import Message
from workshops.languages import active_language, choose, text_of
from workshops.models import Conference, Membership

_HIDDEN = "…"


def team_letter(message: Message) -> Letter:
    user = User.objects.get(pk=message.facts["user"])
    inviter = User.objects.filter(pk=message.facts["by"]).first()
    conference = conference_of(message)
    name = one_line(choose(text_of(conference, "name"), active_language())[0])
    person, by = one_line(user.get_full_name()), one_line(inviter.get_full_name()) if inviter else ""
    said = {"name": by, "conference": name}
    return Letter(
        language=active_language(),
        hint=_("You will find this text in English further below."),
        subject=_("You are on the team: %(conference)s") % said,
        greeting=_("Dear %(name)s,") % {"name": person} if person else _("Good day,"),
        opening=(
            _("%(name)s has given you rights in the administration of “%(conference)s”.") % said
            if by
            else _("You have been given rights in the administration of “%(conference)s”.") % said,
        ),
        sections=tuple(_sections(user, conference)),
        button=_to_administration() if user.has_usable_password() else _to_password(conference),
        closing=(
            _("The mail address of your account is %(address)s.") % {"address": user.email},
            *_second_step(),
            _("If you did not expect this message, please tell the organisers: %(address)s")
            % {"address": conference.contact_email},
        ),
        signature=(name,),
    )


def with_link(letter: Letter, message: Message) -> Letter:
    """As it is sent: whoever has the link sets the password.

    Not for who only looks at it: allauth writes the account’s address down when it makes a link.
    """
    if (
        message.kind != Message.Kind.TEAM
        or letter.button is None
        or letter.button.url != _password_url(_HIDDEN)
    ):
        return letter
    user = User.objects.get(pk=message.facts["user"])
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return replace(letter, button=replace(letter.button, url=_password_url(key)))


def _sections(user: User, conference: Conference) -> Iterator[Section]:
    """The whole conference first, then single workshops, each with what may be done there."""
    rows = Membership.objects.filter(user=user, conference=conference).select_related("workshop")
    rows = rows.order_by("workshop__position", "workshop", "role")
    whole = [row for row in rows if row.workshop is None]
    if whole:
        yield Section(Phrase(_("The whole conference"), active_language()), sentences=_sentences(whole))
    for workshop in dict.fromkeys(row.workshop for row in rows if row.workshop is not None):
        own = [row for row in rows if row.workshop == workshop]
        heading = Phrase.of(text_of(workshop, "title"), active_language())
        yield Section(heading, sentences=_sentences(own))


def _sentences(rows: list[Membership]) -> tuple[str, ...]:
    return tuple(what_may_be_done(role=row.role, is_whole=row.workshop_id is None) for row in rows)


def what_may_be_done(*, role: str, is_whole: bool) -> str:
    """A right in one sentence."""
    if role == Membership.Role.LEAD and is_whole:
        return _("Owner: you see and change everything, and give rights to colleagues.")
    return {
        Membership.Role.LEAD: _("Lead: you see and change everything there."),
        Membership.Role.PROGRAMME: _("Programme: you write the programme and its translations."),
        Membership.Role.REGISTRATIONS: _("Registrations: you invite people, decide and write to them."),
        Membership.Role.ACCESS: _("Access details: you enter and send access details and codes."),
        Membership.Role.READER: _("Read only: you see the programme, the numbers and who is registered."),
    }[Membership.Role(role)]


def _to_password(conference: Conference) -> Button:
    """As allauth’s own link of a forgotten password; it is made while the mail is sent, and never kept."""
    until = timezone.now() + dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    said = {
        "moment": moment_text(until, conference.zones),
        "address": settings.BASE_URL + reverse("account_reset_password"),
    }
    explanation = _(
        "The link is yours alone and valid until %(moment)s. After that, ask for a new one: %(address)s"
    )
    return Button(_("Set your password"), _password_url(_HIDDEN), explanation % said)


def _password_url(key: str) -> str:
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.BASE_URL + path.replace("UID-KEY", key)


def _to_administration() -> Button:
    return Button(
        pgettext("button of a mail", "To the administration"),
        settings.BASE_URL + reverse("admin:index"),
        _("It opens after signing in, with the password you have."),
    )


def _second_step() -> tuple[str, ...]:
    if not settings.ADMIN_REQUIRES_SECOND_FACTOR:
        return ()
    return (
        _(
            "When you sign in for the first time, you set up a second step: a passkey, or an app on your phone."
        ),
    )
