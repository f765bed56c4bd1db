"""What a calendar entry says, in the language that is active."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from workshops.clocks import Face, LegendEntry
from workshops.domain.differences.phrases import person_name
from workshops.domain.differences.times import clocks_text
from workshops.domain.programme import DayEntry, SessionEntry, WorkshopEntry
from workshops.languages import Text, active_language, choose
from workshops.markdown import to_text
from workshops.templatetags.texts import clock_meaning, weekday_date

Block = Iterable[str]


def day_words(workshop: WorkshopEntry, day: DayEntry, *, address: str, own: Block = ()) -> str:
    """`own`: what is said to one person besides."""
    texts = (workshop.subtitle, day.title, day.description)
    return _blocks(when(day, day.faces), own, *([_plain(text)] for text in texts), _more(address))


def session_words(day: DayEntry, session: SessionEntry, *, address: str) -> str:
    names = ", ".join(person_name(appearance) for appearance in session.appearances)
    return _blocks(
        when(day, session.faces),
        [names],
        [_plain(session.description)],
        [_plain(session.guiding_questions)],
        _more(address),
    )


def cancelled_words(date: str, clocks: tuple[Face, ...], *, address: str) -> str:
    sentence = _("This is no longer in the programme.")
    return _blocks([sentence], [_when(date, clocks)], _more(address))


def when(day: DayEntry, clocks: tuple[Face, ...]) -> Block:
    return [_when(weekday_date(day.date), clocks), legend_words(day.legend)]


def _when(date: str, clocks: tuple[Face, ...]) -> str:
    return f"{date}, {clocks_text(clocks) or _('time to be announced')}"


def legend_words(legend: Iterable[LegendEntry]) -> str:
    return "; ".join(clock_meaning(entry) for entry in legend)


def _plain(text: Text) -> str:
    return to_text(choose(text, active_language())[0])


def _more(address: str) -> Block:
    return [_("More: %(address)s") % {"address": address}]


def _blocks(*blocks: Block) -> str:
    """Each block's lines below one another, with an empty line between blocks."""
    texts = ("\n".join(line for line in block if line) for block in blocks)
    return "\n\n".join(text for text in texts if text)
