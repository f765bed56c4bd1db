"""The daily overview for one organiser, of the workshops they look after."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conference.models import User
from registration.domain.by_the_clock.digest import Digest, WorkshopNews, digest_of
from registration.domain.figures.deadline_words import words_of
from registration.domain.figures.deadlines import Deadline
from registration.mails.letter import Button, Letter, Phrase, Section
from registration.mails.lines import one_line
from registration.mails.times import moment_text
from registration.models import Message
from workshops.clocks import legend
from workshops.languages import active_language, choose, text_of
from workshops.models import Conference, Workshop
from workshops.templatetags.texts import clock_meaning

MOST_DEADLINES = 10


def conference_of(message: Message) -> Conference:
    return Conference.objects.get(pk=message.facts["conference"])


def digest_letter(message: Message) -> Letter:
    user = User.objects.get(pk=message.facts["user"])
    digest = digest_of(user=user, conference=conference_of(message), at=timezone.now())
    name = choose(text_of(digest.conference, "name"), active_language())[0]
    person = one_line(user.get_full_name())
    return Letter(
        language=active_language(),
        hint=_("You will find this text in English further below."),
        subject=one_line(_("Overview: %(conference)s") % {"conference": name}),
        greeting=_("Dear %(name)s,") % {"name": person} if person else _("Good day,"),
        opening=(_("This is what is new and what waits."), *_findings(digest)),
        sections=(*_sections(digest), *_deadlines(digest)),
        button=Button(
            _("To the start page"),
            settings.BASE_URL + reverse("admin:index"),
            _("It opens after signing in. Every number there leads to the list it counts."),
        ),
        closing=(
            _(
                "You switch this overview off, or change its language, in the administration: “My daily overview”."
            ),
        ),
        signature=(name,),
    )


def _findings(digest: Digest) -> Iterator[str]:
    if digest.errors:
        yield ngettext(
            "The check of the programme finds %(count)d error.",
            "The check of the programme finds %(count)d errors.",
            digest.errors,
        ) % {"count": digest.errors}
    if digest.warnings:
        yield ngettext(
            "The check of the programme finds %(count)d warning.",
            "The check of the programme finds %(count)d warnings.",
            digest.warnings,
        ) % {"count": digest.warnings}


def _sections(digest: Digest) -> Iterator[Section]:
    for news in digest.news:
        if news.says_something:
            yield Section(heading=_title_of(news.workshop), sentences=tuple(_said(news)))


def _title_of(workshop: Workshop) -> Phrase:
    return Phrase.of(text_of(workshop, "title"), active_language())


def _said(news: WorkshopNews) -> Iterator[str]:
    sentences = (
        (
            news.new,
            ngettext(
                "%(count)d new registration since yesterday.",
                "%(count)d new registrations since yesterday.",
                news.new,
            ),
        ),
        (
            news.to_decide,
            ngettext(
                "%(count)d person waits for your decision.",
                "%(count)d people wait for your decision.",
                news.to_decide,
            ),
        ),
        (
            news.waiting,
            ngettext(
                "%(count)d person is on the waiting list.",
                "%(count)d people are on the waiting list.",
                news.waiting,
            ),
        ),
        (news.failed, ngettext("%(count)d e-mail failed.", "%(count)d e-mails failed.", news.failed)),
    )
    for count, sentence in sentences:
        if count:
            yield sentence % {"count": count}


def _deadlines(digest: Digest) -> Iterator[Section]:
    if not digest.deadlines:
        return
    zones = digest.conference.zones
    meanings = "; ".join(clock_meaning(entry) for entry in legend(zones=zones, moment=digest.deadlines[0].at))
    yield Section(
        heading=Phrase(_("Next deadlines"), active_language()),
        sentences=(*(_deadline(found, digest) for found in digest.deadlines[:MOST_DEADLINES]), meanings),
    )


def _deadline(deadline: Deadline, digest: Digest) -> str:
    return _("%(workshop)s: %(what)s %(moment)s.") % {
        "workshop": _title_of(deadline.workshop).text,
        "what": words_of(deadline),
        "moment": moment_text(deadline.at, digest.conference.zones),
    }
