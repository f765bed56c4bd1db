"""Bad input gets a clear message in the reader's language, status 4xx, and nothing typed is lost."""

from __future__ import annotations

import pytest

from tests.registration_pages.helpers import PERSON, Visitor, everything, fields_of, says

DIGITAL = "workshop-digitale-stadt"
LANGUAGES = pytest.mark.parametrize("language", ["de", "tr", "en"])
CONTROL = "This contains a control character that cannot be kept. Please type it again."


def _kept(visitor: Visitor) -> dict[str, str]:
    visitor.participant.refresh_from_db()
    return {name: str(getattr(visitor.participant, name)) for name in PERSON if name != "consent_privacy"}


@LANGUAGES
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("first_name", "", "Enter your first name."),
        ("first_name", "   ", "Enter your first name."),
        ("first_name", "\u200b\u200e", "Enter your first name."),
        ("last_name", None, "Enter your last name."),
        ("organisation", "", "Enter your organisation."),
        ("country", "", "Choose your country."),
        ("country", "XX", "This country is not in the list. Please choose one from it."),
        ("country", "DEU", "This country is not in the list. Please choose one from it."),
        ("language", "", "Choose the language in which we write to you."),
        ("language", "fr", "We write in German, Turkish or English. Please choose one of them."),
        ("consent_privacy", None, "Please agree: without it we may not keep your registration."),
        (DIGITAL, "speaker", "Choose how you want to take part."),
        (DIGITAL, "none", "Choose at least one workshop."),
        ("first_name", "Ad\0a", CONTROL),
        ("organisation", "\x1b[31mrot", CONTROL),
        ("last_name", "\x00", CONTROL),
        ("first_name", "\u202eadA", CONTROL),
        ("organisation", "Bursa\u2067", CONTROL),
        ("position", "\u202a\u202b\u202c\u202d\u2066\u2068\u2069", CONTROL),
    ],
)
def test_a_wrong_entry_is_named_at_its_field_and_nothing_is_kept_or_lost(
    visitor: Visitor, language, field, value, sentence
):
    sent = {**PERSON, DIGITAL: "active", "position": "Leitung", field: value}
    before = everything()

    response = visitor.post("register/", {k: v for k, v in sent.items() if v is not None}, language)

    assert response.status_code == 422
    assert says(response, sentence, language)
    assert says(response, "Error:", language)
    assert everything() == before
    shown = fields_of(response)
    typed = {name: text for name, text in sent.items() if text and name not in {field, "consent_privacy"}}
    assert {name: shown[name] for name in typed} == typed


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(visitor: Visitor):
    text = visitor.register(**{DIGITAL: "active"}, first_name="").content.decode()

    assert "autofocus" in text
    assert 'href="#id_first_name"' in text
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="id_first_name_error"' in text


@LANGUAGES
@pytest.mark.parametrize(("field", "limit"), [("first_name", 100), ("organisation", 200), ("city", 100)])
def test_an_over_long_entry_is_named_with_the_limit_and_shown_whole(visitor: Visitor, language, field, limit):
    long = "ğ" * (limit + 1)

    response = visitor.register(language, **{DIGITAL: "active", field: long})

    assert response.status_code == 422
    assert f"{limit}" in response.content.decode()
    assert fields_of(response)[field] == long
    assert "maxlength" not in response.content.decode()


def test_an_entry_of_exactly_the_limit_is_kept(visitor: Visitor):
    assert visitor.register(**{DIGITAL: "active"}, first_name="ğ" * 100).status_code == 303


@LANGUAGES
def test_ten_megabytes_in_a_text_field_are_refused_with_a_page(visitor: Visitor, language):
    before = everything()

    response = visitor.register(language, **{DIGITAL: "active"}, organisation="x" * 10_000_000)

    assert response.status_code in {400, 413}
    assert f'lang="{language}"' in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize(
    "name",
    [
        "O",
        "🦉",
        "👩‍👩‍👧",
        "محمد",
        "می\u200cنا\u200f",
        "Ñ",
        "İ",
        "ı",
        "O'Brien",
        "<script>alert(1)</script>",
        "Ömer  Faruk",
    ],
)
def test_unusual_names_are_names(visitor: Visitor, name):
    response = visitor.register(**{DIGITAL: "active"}, first_name=name)
    page = visitor.get("my/")

    assert response.status_code == 303
    assert _kept(visitor)["first_name"] == " ".join(name.split())
    assert "<script>alert" not in page.content.decode()
    assert "<bdi>" in page.content.decode()


def test_line_breaks_in_a_name_become_spaces(visitor: Visitor):
    visitor.register(**{DIGITAL: "active"}, first_name="Ada\r\nBcc: x@example.org")

    assert _kept(visitor)["first_name"] == "Ada Bcc: x@example.org"


@LANGUAGES
@pytest.mark.parametrize("slug", ["gibt-es-nicht", "x" * 500, "a\0b", "<b>"])
def test_an_unknown_workshop_is_named(visitor: Visitor, language, slug):
    before = everything()

    response = visitor.register(language, **{DIGITAL: "active", f"workshop-{slug}": "active"})

    assert response.status_code == 422
    assert slug[:20].replace("\0", "").replace("<", "&lt;").replace(">", "&gt;") in response.content.decode()
    assert everything() == before


def test_an_unknown_workshop_one_does_not_want_is_no_matter(visitor: Visitor):
    assert visitor.register(**{DIGITAL: "active", "workshop-alt": "none"}).status_code == 303


def test_an_odd_state_is_taken_as_a_stale_form(visitor: Visitor):
    assert visitor.register(**{DIGITAL: "active"}, state="\0x" * 50).status_code == 409


@pytest.mark.parametrize(
    "path", ["register/", "my/", "invitation/decline/", "link/", "accessibility/report/"]
)
@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(visitor: Visitor, path, method):
    assert getattr(visitor.client, method)(f"/de/{path}").status_code == 405


def test_a_form_that_is_no_form_is_answered(visitor: Visitor):
    sent = visitor.client.post("/de/register/", b"\xff\xfe{not a form", content_type="application/json")
    broken = visitor.client.post(
        "/de/register/", b"--x\r\nbroken", content_type="multipart/form-data; boundary=x"
    )

    assert (sent.status_code, broken.status_code) == (422, 422)


def test_a_file_instead_of_a_name_is_no_name(visitor: Visitor):
    from django.core.files.uploadedfile import SimpleUploadedFile

    response = visitor.register(**{DIGITAL: "active"}, first_name=SimpleUploadedFile("a.txt", b"Ada"))

    assert response.status_code == 422
    assert says(response, "Enter your first name.")
