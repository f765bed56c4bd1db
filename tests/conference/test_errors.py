from __future__ import annotations

import pytest
from django.test import Client

LANGUAGES = ["de", "tr", "en"]


def _with_a_form() -> Client:
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    return client


@pytest.mark.parametrize("address", ["/de/%00", "/tr/speakers/%00/", "/?x=%00", "/admin/?q=%00", "/%00"])
def test_a_null_byte_is_refused_with_400(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_error_pages_speak_the_language_of_the_address(client: Client, db: None, language: str) -> None:
    response = client.get(f"/{language}/no/such/page/")

    assert response.status_code == 404
    assert f'<html lang="{language}">' in response.content.decode()


def test_ten_megabytes_are_refused_with_413_and_a_page(db: None) -> None:
    client = _with_a_form()

    response = client.post("/accounts/login/", {"login": "x" * 10_000_000})

    assert response.status_code == 413
    assert "<h1>" in response.content.decode()


def test_ten_megabytes_are_refused_without_multipart_as_well(db: None) -> None:
    client = _with_a_form()

    response = client.post(
        "/accounts/login/", b"login=" + b"x" * 10_000_000, content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 413


def test_too_many_fields_are_refused_with_400(db: None) -> None:
    client = _with_a_form()

    response = client.post("/accounts/login/", {f"field{number}": "" for number in range(6000)})

    assert response.status_code == 400


def test_a_form_from_elsewhere_gets_a_page_that_says_what_to_do(db: None) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/accounts/login/", {"login": "a@example.org"}, headers={"accept-language": "en"})

    assert response.status_code == 403
    assert "reload the page" in response.content.decode()


def test_every_response_carries_the_strict_policy(client: Client, db: None) -> None:
    for address in ("/accounts/login/", "/de/no/such/page/", "/accounts/signup/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_a_request_id_is_taken_over_only_where_it_looks_like_one(client: Client) -> None:
    given = client.get("/health/live", headers={"x-request-id": "abc-123-def"})
    forged = client.get("/health/live", headers={"x-request-id": 'a"\n<script>'})

    assert given["X-Request-ID"] == "abc-123-def"
    assert len(forged["X-Request-ID"]) == 32
