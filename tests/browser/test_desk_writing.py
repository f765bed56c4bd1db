"""The hosts' own words: a mail text that is checked, looked at and taken back; a message to a group; the outbox."""

from __future__ import annotations

import pytest

from scripts.invented import people
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

SLUG = "digitale-stadt"
SUBJECT = {"de": "Bitte lesen Sie das vorab", "tr": "Lütfen önceden okuyun"}
OPENING = {"de": "es geht um {titles}.", "tr": "konumuz: {titles}."}


def test_a_mail_text_takes_the_place_of_ours_and_gives_it_back(desk: Desk) -> None:
    page, words, language = desk.page, desk.words, desk.language
    desk.go("/admin/registration/mailtext/add/")
    assert page.get_by_role("row", name="{titles}").count() == 1
    page.locator("select[name=kind]").select_option("invitation")
    page.locator(f"[name=subject_{language}]").fill(SUBJECT[language])
    page.locator(f"[name=opening_{language}]").fill("{passcode}")
    desk.follow(desk.button(words("Save")).first)
    assert page.locator(".errorlist").count() >= 1
    assert "{passcode}" in page.locator(".errorlist").first.inner_text()

    page.locator(f"[name=opening_{language}]").fill(OPENING[language])
    desk.follow(desk.button(words("Preview")))
    shown = page.locator(f"article[aria-labelledby=preview-{language}]").inner_text()
    assert SUBJECT[language] in shown
    assert OPENING[language].split("{")[0] in shown
    desk.press("input[name=_save]")

    desk.follow(page.locator("#result_list tbody th a"))
    desk.follow(desk.link(words("Use the standard text again")))
    desk.follow(desk.button(words("Use the standard text again")))
    assert desk.rows().count() == 0


def test_a_message_to_a_group_is_looked_at_sent_stopped_and_sent_again(desk: Desk) -> None:
    mark = f"group.{desk.language}"
    desk.invent("enter", "--workshop", SLUG, "--state", "confirmed", "--count", "4", "--mark", mark)
    write(desk)
    try_and_send(desk)
    stop_and_send_again(desk)


def write(desk: Desk) -> None:
    page, words, language = desk.page, desk.words, desk.language
    key, _name = desk.workshop(SLUG)
    desk.go("/admin/registration/announcement/add/")
    page.locator(f"input[name=workshops][value='{key}']").check()
    page.get_by_role("group", name=words("Language of the reader")).locator(f"[value={language}]").check()
    page.locator(f"[name=subject_{language}]").fill(SUBJECT[language])
    page.locator(f"[name=text_{language}]").fill("{first_name}: **{title}**")
    desk.follow(desk.button(words("Save and look at it")))


def expected(desk: Desk) -> list[str]:
    """Whoever reads this language, of the four."""
    found = people(4, mark=f"group.{desk.language}")
    return sorted(each.email for each in found if each.language == desk.language)


def try_and_send(desk: Desk) -> None:
    page, words, own = desk.page, desk.words, desk.product.email
    assert page.locator("article.preview strong").count() >= 1
    group = int(page.locator(".group-size strong").inner_text())
    assert group >= len(expected(desk))
    before = len(desk.mails_to(own))
    desk.follow(desk.button(words("Send a test mail to %(address)s", address=own)))
    desk.arrived(own, before + 1)

    desk.invent("hold-mail")
    desk.follow(
        desk.button(words.many("Send it to %(number)s person", "Send it to %(number)s people", group))
    )
    desk.follow(desk.link(words("Each of them in the outbox")))
    assert desk.rows().count() == group


def stop_and_send_again(desk: Desk) -> None:
    """While mail is held back: what was stopped does not leave, until it is sent again."""
    page, words = desk.page, desk.words
    stopped, *others = expected(desk)
    desk.follow(page.locator("#result_list tr", has_text=stopped).locator("th a, td a"))
    message = page.url
    desk.follow(desk.button(words("Stop")))
    desk.follow(desk.button(f"{words('Stop')} (1)"))
    desk.invent("let-mail-go")
    for address in others:
        desk.arrived(address)
    assert desk.mails_to(stopped) == []

    desk.go(message)
    desk.follow(desk.button(words("Send again")))
    desk.arrived(stopped)
