import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("accepted", "address"),
    [
        ("", "/de/"),
        ("fr, es;q=0.8", "/de/"),
        ("tr", "/tr/"),
        ("tr-TR,tr;q=0.9,en;q=0.5", "/tr/"),
        ("en-GB", "/en/"),
        ("fr, en;q=0.3, tr;q=0.7", "/tr/"),
        ("de-AT", "/de/"),
        ("*", "/de/"),
        ("nonsense;q=x;;,,", "/de/"),
    ],
)
def test_the_root_leads_to_the_readers_language(client: Client, accepted: str, address: str) -> None:
    response = client.get("/", headers={"accept-language": accepted})

    assert (response.status_code, response["Location"], response["Vary"]) == (302, address, "Accept-Language")
    assert not response.cookies
