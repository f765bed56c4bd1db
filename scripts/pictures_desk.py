"""The organisers' desk for `pictures.py`: three weeks after the invitations went out, in both languages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from invented import people
from pictures import ROOT, Camera, until
from playwright.sync_api import Page, ViewportSize

WIDE = ViewportSize(width=1280, height=860)
DRAFT = """VORKONFERENZ 15.-18. JUNI {year}

Fachworkshop 1: Digitale Stadt

15. Juni {year}, 09:30-11:30 Uhr (deutscher Zeit, CET) / 10:30-12:30 Uhr (türkischer Zeit, TRT)

Zeit\tProgrammpunkt\tRedner/in\tDauer
09:30\tBegrüßung\t\t10 Min.
09:40\tKonya macht es vor: die digitale Verwaltung\tHarun Yiğit, Stadt Konya\t25 Min.
10:05\tFragen und Antworten\t\t15 Min.
"""
MESSAGE = {
    "subject_de": "Technikprobe am Vortag",
    "text_de": "bitte prüfen Sie vorab Mikrofon und Kamera. **Wir sind ab 16 Uhr im Raum.**\n\n- {title}\n- {times}",
    "subject_tr": "Bir gün önce bağlantı denemesi",
    "text_tr": "lütfen mikrofonunuzu ve kameranızı önceden deneyin. **Saat 16.00’dan itibaren salondayız.**\n\n"
    "- {title}\n- {times}",
}


def desk(camera: Camera) -> None:
    invent(camera, "scene")
    page = signed_in(camera, "de")
    before = {
        "import": uploaded_draft(page),
        "invite": invitation_list(page, "Gäste aus den Partnerstädten", 9),
        "progress": sent_list(page),
        "access": access_details(page),
        "message": message(page),
        "history": edited_agenda(page),
    }
    for language in ("de", "tr"):
        before_the_conference(camera, signed_in(camera, language), language, before)
    dark = signed_in(camera, "tr", scheme="dark")
    show(camera, dark, "/admin/", "desk-start-tr-dark")
    invent(camera, "over", "--workshop", "informationsveranstaltung")
    report(page)
    papers = document(page)
    for language in ("de", "tr"):
        after_the_conference(camera, signed_in(camera, language), language, papers)


def invent(camera: Camera, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, "scripts/invent.py", *arguments],
        cwd=ROOT,
        env=camera.product.environment,
        check=True,
        timeout=120,
    )


def signed_in(camera: Camera, language: str, *, scheme: Any = "light") -> Page:
    page = camera.open("/admin/", language, viewport=WIDE, scheme=scheme)
    if language == "de" and scheme == "light":
        camera.keep(page, "desk-sign-in-de", height=620)
    page.locator("input[name=login]").fill(camera.product.email)
    page.locator("input[name=password]").fill(camera.product.password)
    press(page, "form:has(input[name=password]) button[type=submit]")
    return page


def press(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def go(page: Page, path: str) -> None:
    answer = page.goto(urljoin(page.url, path))
    if answer is None or not answer.ok:
        raise SystemExit(f"{path} cannot be photographed.")


def show(camera: Camera, page: Page, path: str, name: str, *, height: int | None = None) -> None:
    go(page, path)
    camera.keep(page, name, height=height)


# What is prepared once; each returns the address to photograph.


def uploaded_draft(page: Page) -> str:
    go(page, "/programme.json")
    year = json.loads(page.locator("body").inner_text())["workshops"][0]["days"][0]["date"][:4]
    go(page, "/admin/workshops/draftimport/add/")
    draft = DRAFT.format(year=year).encode()
    file: Any = {"name": "Programmentwurf.txt", "mimeType": "text/plain", "buffer": draft}
    page.locator("input[name=upload]").set_input_files(file)
    press(page, "input[name=_save]")
    page.locator("form.picking").wait_for(timeout=60_000)
    return page.url


def _pasted(count: int, mark: str) -> Iterator[str]:
    yield "\t".join(("E-Mail", "Vorname", "Nachname", "Organisation", "Sprache"))
    guests = people(count, mark=mark)
    for guest in [*guests, guests[0]]:
        yield "\t".join((guest.email, guest.first_name, guest.last_name, guest.organisation, guest.language))


def invitation_list(page: Page, name: str, count: int) -> str:
    go(page, "/admin/registration/invitation/invite/")
    rows = [
        *_pasted(count, "guests" if count < 20 else "partner"),
        "joerg.oeztuerk(at)koeln\tJörg\tÖztürk\t\tde",
    ]
    page.locator("textarea[name=addresses]").fill("\n".join(rows))
    page.locator("input[name=workshops]").first.check()
    page.locator("input[name=name]").fill(name)
    press(page, "input[name=check]")
    return page.url


def sent_list(page: Page) -> str:
    address = invitation_list(page, "Städtepartnerschaften", 48)
    press(page, "form[action$='/send/'] button")
    mailed = page.locator("[data-number=mailed]")
    until(page, lambda: mailed.inner_text() == "48", "the invitations")
    return address


def access_details(page: Page) -> str:
    go(page, "/admin/registration/accessdetails/add/")
    option = page.locator("select[name=day] option", has_text="Digitale Stadt").first
    page.locator("select[name=day]").select_option(option.get_attribute("value"))
    page.locator("select[name=role]").select_option("active")
    page.locator("[name=url]").fill("https://kudo.example/raum-1")
    page.locator("[name=passcode]").fill("nicht-im-Bild")
    page.locator("[name=interpreter_channel]").fill("Deutsch: 1, Türkçe: 2")
    page.locator("input[name=hours_before]").fill("24")
    press(page, "input[name=_continue]")
    address = page.url
    press(page, "a[href$='/people/']")
    press(page, "form[action$='/send/'] button")
    waits = page.locator(".list-rows .status-queued, .list-rows .status-sending")
    until(page, lambda: waits.count() == 0, "the access details")
    return address


def message(page: Page) -> str:
    go(page, "/admin/registration/announcement/add/")
    page.locator("input[name=workshops]").first.check()
    for name, text in MESSAGE.items():
        page.locator(f"[name={name}]").fill(text)
    press(page, "input[name=_save]")
    return page.url


def edited_agenda(page: Page) -> str:
    """One item becomes longer, a title changes, a translation is missing; returns the second one's history."""
    go(page, "/admin/workshops/session/?day__workshop__id__exact=1")
    links = page.locator("#result_list tbody th a").all()[:3]
    places = [link.get_attribute("href") or "" for link in links]
    changes = [
        {"duration_minutes": "15"},
        {"title_de": "Was eine digitale Stadt ausmacht"},
        {"title_tr": ""},
    ]
    for place, values in zip(places, changes, strict=True):
        go(page, place)
        for name, value in values.items():
            page.locator(f"[name={name}]").fill(value)
        press(page, "input[name=_save]")
    return re.sub(r"change/.*", "history/", urljoin(page.url, places[1]))


def document(page: Page) -> str:
    go(page, "/admin/registration/document/add/")
    page.locator("input[name=kind][value=participants]").check()
    page.locator("input[name=format][value=pdf]").check()
    page.locator("select[name=workshop]").select_option(index=1)
    press(page, "input[name=_save]")
    until(page, lambda: page.locator("form[action$='/download/']").count() > 0, "the document")
    return page.url


def report(page: Page) -> None:
    """Two thirds of those who were confirmed were there, most of them to the end."""
    go(page, "/admin/registration/attendance/")
    press(page, "#content .steps a:nth-of-type(5)")
    names = page.locator(".list-rows tbody th .organisation").all_inner_texts()
    lines = [f"{email},{70 + place * 7 % 50}" for place, email in enumerate(names) if place % 3]
    press(page, "a[href*='/attendance/report/']")
    content = "\n".join(["E-Mail,Dauer (Minuten)", *lines]).encode()
    file: Any = {"name": "bericht.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)
    press(page, "#content form [type=submit]")
    press(page, "#content form [type=submit]")


# The pictures of one language.


def before_the_conference(camera: Camera, page: Page, language: str, places: dict[str, str]) -> None:
    plain = {
        "start": ("/admin/", 1000),
        "second-step": ("/accounts/2fa/", 620),
        "check": ("/admin/workshops/conference/check/", None),
        "translations": ("/admin/workshops/conference/translations/", None),
        "release": ("/admin/workshops/release/add/", 1000),
        "figures": ("/admin/figures/1/", 1000),
        "invite": (places["invite"], 1000),
        "progress": (places["progress"], 760),
        "access": (places["access"], 1000),
        "access-people": (re.sub(r"change/.*", "people/", places["access"]), 760),
        "message": (places["message"], 1000),
        "outbox": ("/admin/registration/message/", 760),
        "team": ("/admin/team/1/", 900),
        "history": (places["history"], 560),
        "happened": ("/admin/accounts/auditentry/", 900),
    }
    for name, (path, height) in plain.items():
        show(camera, page, path, f"desk-{name}-{language}", height=height)
    differences(camera, page, language, places["import"])
    deciding(camera, page, language)
    mail_text(camera, page, language)


def differences(camera: Camera, page: Page, language: str, place: str) -> None:
    """Below what was found wrong: what the draft would change."""
    go(page, place)
    page.locator(".change").first.evaluate(
        "change => window.scrollBy(0, change.getBoundingClientRect().top - 260)"
    )
    camera.keep(page, f"desk-import-{language}")


def deciding(camera: Camera, page: Page, language: str) -> None:
    """The list with some ticked, and what is said before they are confirmed; nothing is."""
    go(page, "/admin/registration/registration/deciding/?workshop__id__exact=1")
    for box in page.locator("input.action-select").all()[:4]:
        box.check()
    camera.keep(page, f"desk-deciding-{language}", height=900)
    press(page, ".deciding-actions button")
    camera.keep(page, f"desk-confirm-{language}", height=700)


def mail_text(camera: Camera, page: Page, language: str) -> None:
    go(page, "/admin/registration/mailtext/add/")
    page.locator("select[name=kind]").select_option("invitation")
    page.locator("[name=subject_de]").fill("Einladung: {titles}")
    page.locator("[name=opening_de]").fill("gemeinsam mit unseren Partnerstädten laden wir Sie herzlich ein.")
    page.locator("[name=subject_tr]").fill("Davet: {titles}")
    page.locator("[name=opening_tr]").fill("kardeş şehirlerimizle birlikte sizi içtenlikle davet ediyoruz.")
    page.evaluate("document.querySelector('#content-main').scrollIntoView()")
    camera.keep(page, f"desk-mailtext-{language}", height=1000)


def after_the_conference(camera: Camera, page: Page, language: str, papers: str) -> None:
    show(camera, page, papers, f"desk-document-{language}", height=560)
    show(camera, page, "/admin/registration/document/add/", f"desk-documents-{language}")
    show(camera, page, "/admin/attendance/workshop/5/", f"desk-attendance-{language}", height=900)
