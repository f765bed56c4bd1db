"""Two registered events at the same time: said on both clocks, and nobody is kept from it."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from registration.models import Registration
from tests.registration_pages.helpers import Visitor, says
from workshops.domain.release import release_programme
from workshops.models import Conference, Workshop, WorkshopDay

BOTH = {"workshop-digitale-stadt": "active", "workshop-jugendaustausch": "listener"}
AFTER_SENDING = "Some of your events take place at the same time. See below which ones."


def clashes(visitor: Visitor, language: str = "en") -> list[str]:
    """What the page says of each, without its markup."""
    text = visitor.get("my/", language).content.decode()
    found = re.findall(r'<div class="clash">(.*?)</div>\s*<p|<div class="clash">(.*?)</dl>', text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", "".join(parts)).split()) for parts in found]


def set_times(released: Conference, opens: dt.time | None, closes: dt.time | None) -> None:
    """Of the second workshop; the first one runs from 09:30 to 11:30."""
    WorkshopDay.objects.filter(workshop__slug="jugendaustausch").update(opens=opens, closes=closes)
    release_programme(conference=released)


def test_both_cards_name_the_other_and_the_time_on_both_clocks(
    visitor: Visitor, released: Conference
) -> None:
    set_times(released, dt.time(11), dt.time(12))
    visitor.register(**BOTH)

    digital, youth = Workshop.objects.order_by("pk")
    said = clashes(visitor)

    assert len(said) == 2
    assert youth.title_en in said[0]
    assert digital.title_en in said[1]
    assert all("CET 11:00–11:30" in text and re.search(r"TRT 1[23]:00–1[23]:30", text) for text in said)
    assert set(Registration.objects.values_list("status", flat=True)) == {"confirmed", "requested"}


@pytest.mark.parametrize("language", ["de", "tr", "en"])
def test_the_answer_to_the_form_says_so_without_a_script(visitor: Visitor, language: str) -> None:
    visitor.register(language, **BOTH)

    assert says(visitor.get("my/", language), AFTER_SENDING, language)


@pytest.mark.parametrize(
    ("opens", "closes"), [(dt.time(11, 30), dt.time(12, 30)), (dt.time(8), dt.time(9, 30)), (None, None)]
)
def test_one_after_the_other_is_none_nor_is_a_time_still_to_be_announced(
    visitor: Visitor, released: Conference, opens: dt.time | None, closes: dt.time | None
) -> None:
    set_times(released, opens, closes)
    visitor.register(**BOTH)

    page = visitor.get("my/")

    assert not says(page, AFTER_SENDING)
    assert 'class="clash"' not in page.content.decode()


def test_what_was_cancelled_is_in_nobodys_way(visitor: Visitor) -> None:
    visitor.register(**BOTH)
    visitor.post("my/cancel/jugendaustausch/")

    assert clashes(visitor) == []


def test_the_form_holds_the_warning_and_shows_it_where_both_are_chosen(visitor: Visitor) -> None:
    def shown() -> list[bool]:
        text = visitor.get("register/").content.decode()
        return ["hidden" not in tag for tag in re.findall(r'<div class="clash"[^>]*>', text)]

    assert shown() == [False, False]
    visitor.register(**BOTH)
    assert shown() == [True, True]
