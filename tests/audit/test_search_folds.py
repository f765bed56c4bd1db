"""What the database finds by a pattern is what folding finds."""

from __future__ import annotations

import re

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from registration.admin.audit_search import entries_about
from registration.domain.history.history_of import history_of
from tests import factories
from workshops.folded_patterns import pattern_of, pattern_of_unusual
from workshops.models import Speaker
from workshops.names import fold

NAMES = [
    "İSTANBUL", "istanbul", "Istanbul", "ıstanbul", "Müller", "Mu\u0308ller", "MULLER", "Groß", "GROSS", "Gro\u1e9e",
    "Şahin [A-Z].*", "a]b^c-d\\e", "ﬁnal", "ＦＩＮＡＬ", "Zoë 𝒵oe", "½ Tag", "Ġ", "x\u0591y", "",
]  # fmt: skip
TERMS = [
    "istanbul",
    "İstanbul",
    "muller",
    "gross",
    "ros",
    "ß",
    "sahin [a",
    ".*",
    "]b^c-d\\e",
    "final",
    "zoe",
    "1⁄2",
    "g",
    "xy",
]


@pytest.mark.sqlite
def test_a_pattern_finds_what_folds_to_a_word_and_names_with_unusual_letters_are_told() -> None:
    unusual = re.compile(pattern_of_unusual())
    plain = [name for name in NAMES if not unusual.search(name)]
    for term in TERMS:
        for word in fold(term).split():
            pattern = re.compile(pattern_of(word))
            assert [n for n in plain if pattern.search(n)] == [n for n in plain if word in fold(n)]


@pytest.mark.django_db
@pytest.mark.parametrize("term", TERMS)
def test_the_database_finds_every_entry_that_folding_finds(term: str) -> None:
    kind = ContentType.objects.get_for_model(Speaker)
    LogEntry.objects.all().delete()
    LogEntry.objects.bulk_create(
        LogEntry(content_type=kind, object_pk=str(-number), object_id=-number, object_repr=name, action=1)
        for number, name in enumerate(NAMES, start=1)
    )
    found = entries_about(LogEntry.objects.all(), term).order_by("-object_id")
    wanted = [name for name in NAMES if all(word in fold(name) for word in fold(term).split())]
    assert list(found.values_list("object_repr", flat=True)) == wanted


@pytest.mark.django_db
def test_a_history_goes_on_without_what_was_purged_meanwhile() -> None:
    speaker = factories.make_speaker(factories.make_conference())
    for number in range(3):
        speaker.first_name = f"Ayşe {number}"
        speaker.save()
    deeds = history_of(row=speaker)
    entries = LogEntry.objects.get_for_object(speaker).order_by("-pk")
    kept = list(entries.values_list("pk", flat=True))
    LogEntry.objects.filter(pk=kept[1]).delete()

    assert [deed.first.pk for deed in deeds[0:50]] == [kept[0], *kept[2:]]
