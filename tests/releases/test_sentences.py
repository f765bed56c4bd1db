"""What a sentence says by itself is not said again behind the name."""

from __future__ import annotations

from django.utils.translation import override

from tests.checks.programmes import appears, day, item, programme, speaker, text, workshop
from workshops.domain.differences import differences, in_words
from workshops.domain.programme import AppearanceEntry, Programme

ADA = speaker("Ada", "Arı")


def with_opening_by(appearance: AppearanceEntry) -> Programme:
    opening = item(60, appearance, id=1, number="1", title=text("Opening"))
    return programme(workshop(day(opening, id=1), id=1, slug="city", number=1, title=text("City")))


def names_in_sentences(before: AppearanceEntry, after: AppearanceEntry) -> list[str]:
    found = differences(before=with_opening_by(before), after=with_opening_by(after))
    with override("en"):
        return [in_words(difference).partition(": ")[2] for difference in found]


def test_who_is_to_be_confirmed_again_is_marked_so_only_once() -> None:
    confirmed, opened = appears(ADA, role="moderator"), appears(ADA, role="moderator", status="tbc")
    assert names_in_sentences(confirmed, opened) == ["Ada Arı (Moderator)."]
    assert names_in_sentences(opened, confirmed) == ["Ada Arı (Moderator)."]
