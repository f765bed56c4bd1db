"""The organisers' guides name what is on the screen: buttons and headings in the words of the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import allauth
import django
import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
GUIDES = ROOT / "docs" / "guide"
LANGUAGES = ["de", "tr"]
# What begins a paragraph or a rule in bold is said to the reader; it stands on no button.
SPOKEN = re.compile(r"^(?:- )?\*\*[^*]+[.?]\*\* ", re.MULTILINE)


def guide(language: str) -> str:
    return (GUIDES / f"organisers-{language}.md").read_text("utf-8")


def sayings(language: str) -> Iterator[str]:
    """Everything the pages can say, also those of Django's admin and of the accounts' pages."""
    catalogues = [
        ROOT / "locale" / language,
        Path(django.__file__).parent / "contrib" / "admin" / "locale" / language,
        Path(allauth.__file__).parent / "locale" / language,
    ]
    for directory in catalogues:
        for entry in polib.pofile(str(directory / "LC_MESSAGES" / "django.po")):
            if not entry.obsolete:
                yield from [entry.msgstr, *entry.msgstr_plural.values()]


def pattern(saying: str) -> str:
    """A name with a number or an address in it stands in the guide with an example."""
    return re.sub(r"%\\?\((\w+)\\?\)[sd]", r"\\S+", re.escape(saying))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_in_bold_is_one_the_pages_use(language: str) -> None:
    said = {saying[0].casefold() + saying[1:] for saying in sayings(language) if saying}
    numbered = [re.compile(pattern(saying)) for saying in sayings(language) if "%(number)" in saying]
    named = {
        " ".join(name.split()) for name in re.findall(r"\*\*([^*]+)\*\*", SPOKEN.sub("", guide(language)))
    }
    unknown = {name for name in named if name[0].casefold() + name[1:] not in said}
    assert sorted(name for name in unknown if not any(each.fullmatch(name) for each in numbered)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_and_link_exists(language: str) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)\)", guide(language))
    assert [target for target in targets if not (GUIDES / target).exists()] == []
    assert len(targets) > 15


def test_both_guides_have_the_same_chapters_and_steps() -> None:
    numbers = {
        language: re.findall(r"^## (\d+)\.|^(\d)\. ", guide(language), re.MULTILINE) for language in LANGUAGES
    }
    assert numbers["de"] == numbers["tr"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_those_of_the_language(language: str) -> None:
    foreign = {"de": '[”"«»]', "tr": '[„"«»]'}[language]
    assert re.findall(foreign, re.sub(r"`[^`]*`", "", guide(language))) == []
