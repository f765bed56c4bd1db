"""Barriers: the report to the organisers, and their answer to whoever made it."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from registration.mails.letter import Detail, Letter, OwnText, Phrase
from registration.mails.lines import one_line
from registration.mails.times import moment_text
from registration.models import BarrierReport, Message
from workshops.languages import active_language, choose, text_of
from workshops.models import Conference


def report_of(message: Message) -> BarrierReport:
    return BarrierReport.objects.select_related("conference").get(pk=message.facts["barrier_report"])


def barrier_letter(report: BarrierReport) -> Letter:
    found = (*_what_was_told(report), Detail(_("Answer to"), report.email or _("no address was given")))
    closing = (_how_to_answer(report),) if report.email else ()
    return Letter(
        language=active_language(),
        subject=one_line(_("Barrier reported: %(page)s") % {"page": report.page or _("no page named")}),
        greeting=_("Dear organisers,"),
        opening=(_("Somebody could not use a page of the conference and tells you so:"),),
        details=tuple(detail for detail in found if detail.value),
        closing=closing,
        signature=(_name(report.conference),),
    )


def answer_letter(report: BarrierReport) -> Letter:
    conference = report.conference
    sender = choose(text_of(conference, "sender_name"), active_language())[0]
    return Letter(
        language=active_language(),
        subject=_("Your report of a barrier: our answer"),
        greeting=_("Good day,"),
        opening=(_("You told us about something that you could not use. Thank you. This is our answer:"),),
        text=OwnText(Phrase(report.answer, report.language)),
        details=tuple(detail for detail in _what_was_told(report) if detail.value),
        closing=(
            _("If this does not help you, simply reply to this message."),
            _("Our accessibility statement says whom else you can turn to: %(address)s")
            % {"address": settings.BASE_URL + reverse("workshops:accessibility")},
        ),
        signature=(_("Kind regards"), sender, _name(conference)),
    )


def _what_was_told(report: BarrierReport) -> tuple[Detail, ...]:
    return (
        Detail(_("Page"), report.page),
        Detail(_("What does not work"), report.description),
        Detail(_("Reported"), moment_text(report.created_at, report.conference.zones)),
    )


def _how_to_answer(report: BarrierReport) -> str:
    """On its page, so that everybody on the team sees that it is answered."""
    page = settings.BASE_URL + reverse("admin:registration_barrierreport_change", args=[report.pk])
    return _("Please answer within a month, on the page of the report: %(address)s") % {"address": page}


def _name(conference: Conference) -> str:
    return choose(text_of(conference, "name"), active_language())[0]
