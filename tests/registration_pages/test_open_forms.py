"""Forms for everybody: asking for a link, reporting a barrier; and that no machine floods them."""

from __future__ import annotations

import pytest
from django.test import Client

from registration.models import BarrierReport, Message, Participant
from tests import factories
from tests.registration_pages.helpers import Visitor, everything, fields_of, says
from workshops.models import Conference, Workshop

CONTROL = "This contains a control character that cannot be kept. Please type it again."
LANGUAGES = pytest.mark.parametrize("language", ["de", "tr", "en"])


@LANGUAGES
def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(released: Conference, language):
    known = factories.make_participant(released)
    Workshop.objects.update(admission=Workshop.Admission.INVITED)

    answers = []
    for email in (known.email, "nobody@example.org"):
        client = Client()
        response = client.post(f"/{language}/link/", {"email": email})
        page = client.get(response["Location"])
        answers.append((response.status_code, response["Location"], response.content, page.content))

    assert answers[0] == answers[1]
    assert answers[0][:2] == (303, f"/{language}/link/sent/")
    assert [message.recipient for message in Message.objects.all()] == [known.email]


def test_anybody_gets_a_link_while_a_workshop_is_open_in_the_pages_language(released: Conference):
    Client().post("/tr/link/", {"email": "  Yeni@Example.org "})

    message = Message.objects.get()
    assert (message.recipient, message.kind, message.language) == ("yeni@example.org", "link", "tr")
    assert Participant.objects.filter(email="yeni@example.org").exists()


@LANGUAGES
@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "a b@example.org",
        "ada@example",
        "x" * 300 + "@example.org",
        "a\0@example.org",
    ],
)
def test_a_malformed_address_is_named_and_kept_on_the_page(released: Conference, language, email):
    before = everything()

    response = Client().post(f"/{language}/link/", {"email": email})

    assert response.status_code == 422
    assert says(response, "Error:", language)
    assert fields_of(response)["email"] == email.replace("\0", "")
    assert everything() == before


@LANGUAGES
def test_a_barrier_can_be_reported_without_an_address(released: Conference, language):
    response = Client().post(
        f"/{language}/accessibility/report/",
        {"page": "Programm", "description": "Die Tabelle\r\nwird nicht vorgelesen.", "email": ""},
    )

    report = BarrierReport.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/{language}/accessibility/report/sent/")
    assert (report.page, report.description, report.email, report.language) == (
        "Programm",
        "Die Tabelle\nwird nicht vorgelesen.",
        "",
        language,
    )
    assert Message.objects.get().recipient == "hosts@example.org"


@LANGUAGES
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("description", "", "Describe what does not work."),
        ("description", "a\0b", CONTROL),
        ("description", "x" * 4001, None),
        ("page", "x" * 301, None),
        ("email", "ada", None),
    ],
)
def test_a_wrong_report_is_named_and_nothing_is_lost(released: Conference, language, field, value, sentence):
    sent = {"page": "Programm", "description": "Kontrast", "email": "ada@example.org", field: value}

    response = Client().post(f"/{language}/accessibility/report/", sent)

    assert response.status_code == 422
    assert sentence is None or says(response, sentence, language)
    assert fields_of(response) == {name: text.replace("\0", "") for name, text in sent.items()}
    assert not BarrierReport.objects.exists()


def test_the_page_of_the_barrier_can_come_with_the_address(released: Conference):
    response = Client().get("/de/accessibility/report/", {"page": "/de/programme/"})

    assert fields_of(response)["page"] == "/de/programme/"


@pytest.mark.parametrize(
    ("path", "data", "times"),
    [
        ("link/", {"email": "ada@example.org"}, 30),
        ("accessibility/report/", {"description": "Kontrast"}, 10),
    ],
)
def test_too_many_forms_of_one_address_are_refused_with_a_page_and_reading_goes_on(
    released: Conference, path, data, times
):
    client = Client()
    for _ in range(times):
        assert client.post(f"/de/{path}", data).status_code == 303

    refused = client.post(f"/de/{path}", data)

    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert client.get(f"/de/{path}").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.7").post(f"/de/{path}", data).status_code == 303


def test_one_link_cannot_send_forms_without_end_but_others_are_not_in_its_way(visitor: Visitor, released):
    from tests.registration_pages.helpers import visit

    statuses = {visitor.register(first_name="").status_code for _ in range(60)}

    assert statuses == {422}
    assert visitor.register(first_name="").status_code == 429
    assert visit(factories.make_participant(released)).register(first_name="").status_code == 422


def test_forms_need_the_csrf_token(visitor: Visitor):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = visitor.client.cookies

    for path in ("register/", "my/leave/", "invitation/decline/", "link/", "accessibility/report/"):
        assert strict.post(f"/de/{path}", {"email": "a@example.org"}).status_code == 403
