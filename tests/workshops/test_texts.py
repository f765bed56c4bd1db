"""Texts and dates as each language writes them, and Markdown that can do no harm."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.translation import override

from workshops.markdown import to_html
from workshops.templatetags import texts

BOTH = {"de": "Stadt", "tr": "Şehir", "en": ""}


@pytest.mark.parametrize(
    ("page", "language", "shown"),
    [
        ("de", "", "Stadt"),
        ("tr", "", "Şehir"),
        ("en", "", '<span lang="de">Stadt</span>'),
        ("de", "tr", '<span lang="tr">Şehir</span>'),
    ],
)
def test_a_text_in_another_language_than_the_page_is_marked(page: str, language: str, shown: str) -> None:
    with override(page):
        assert texts.text(BOTH, language) == shown


def test_a_text_that_exists_nowhere_is_empty() -> None:
    assert (texts.text({}), texts.text(None), texts.markdown(None), texts.plain({})) == ("", "", "", "")


def test_a_marked_text_is_escaped() -> None:
    with override("tr"):
        assert texts.text({"de": "<b>&", "tr": ""}) == '<span lang="de">&lt;b&gt;&amp;</span>'


@pytest.mark.parametrize(
    ("language", "day", "days", "months"),
    [
        ("de", "Montag, 15. Juni 2020", "15.–18. Juni 2020", "30. Juni 2020 – 2. Juli 2020"),
        ("tr", "15 Haziran 2020 Pazartesi", "15–18 Haziran 2020", "30 Haziran 2020 – 2 Temmuz 2020"),
        ("en", "Monday, 15 June 2020", "15–18 June 2020", "30 June 2020 – 2 July 2020"),
    ],
)
def test_dates_are_written_as_each_language_writes_them(
    language: str, day: str, days: str, months: str
) -> None:
    with override(language):
        assert texts.weekday_date(dt.date(2020, 6, 15)) == day
        assert texts.date_range(dt.date(2020, 6, 15), dt.date(2020, 6, 18)) == days
        assert texts.date_range(dt.date(2020, 6, 30), dt.date(2020, 7, 2)) == months


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**wichtig** – und _leise_", "<p><strong>wichtig</strong> – und <em>leise</em></p>\n"),
        ("- eins\n- zwei", "<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>\n"),
        ("# Titel", "<h3>Titel</h3>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("![x](https://example.org/track.png)", "<p></p>\n"),
        ("a\0b", "<p>a\ufffdb</p>\n"),
    ],
)
def test_markdown_becomes_safe_html(source: str, html: str) -> None:
    assert to_html(source) == html


def test_a_link_of_an_organiser_gives_nothing_away() -> None:
    assert to_html("[DST](https://www.staedtetag.de)") == (
        '<p><a href="https://www.staedtetag.de" rel="noopener noreferrer">DST</a></p>\n'
    )


def test_headings_of_a_text_continue_the_outline_of_the_page() -> None:
    assert to_html("# a\n## b\n###### c", first_heading=2) == "<h2>a</h2>\n<h3>b</h3>\n<h6>c</h6>\n"
