"""A logo is checked when it comes, changed in the conference's page, and never has an address of its own."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from conference.models import AuditEntry
from tests import factories
from tests.admin.test_programme import change_url, errors_of, save
from workshops.domain.draft.errors import DraftFileError
from workshops.domain.logo import LogoError, check_logo, shown_logo
from workshops.domain.trial_drawing.child import try_drawing
from workshops.models import Conference, Logo

OPEN = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
)
GOOD = OPEN + b'<rect id="a" width="9" height="9"/><use xlink:href="#a"/></svg>'
NEITHER = "This is neither a PNG nor an SVG file that can be read."
RUNS = "The drawing runs something, or takes something from another address."


def png(width: int = 60, height: int = 50, **extra: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for name, text in extra.items():
        info.add_text(name, text)
    out = io.BytesIO()
    Image.new("RGBA", (width, height), (200, 0, 0, 128)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"GIF89a", NEITHER),
        (b"<html/>", NEITHER),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + OPEN + b"&a;</svg>", NEITHER),
        (
            OPEN + b"<script>alert(1)</script></svg>",
            "The drawing contains “script”, which a logo does not need.",
        ),
        (
            OPEN + b"<foreignObject/></svg>",
            "The drawing contains “foreignObject”, which a logo does not need.",
        ),
        (
            OPEN + b'<image href="file:///etc/passwd"/></svg>',
            "The drawing contains “image”, which a logo does not need.",
        ),
        (OPEN + b'<rect onload="alert(1)"/></svg>', RUNS),
        (OPEN + b'<use xlink:href="http://evil.example/#a"/></svg>', RUNS),
        (OPEN + b'<rect style="fill: url(http://evil.example/)"/></svg>', RUNS),
        (OPEN + b'<style>@import "http://evil.example"</style></svg>', RUNS),
        (OPEN + b"<style>a{fill:u\\72l(http://evil.example)}</style></svg>", RUNS),
        (
            OPEN + b'<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g></svg>',
            "The drawing is made of copies of copies.",
        ),
        (
            OPEN + b'<g id="a"><use href="#b"/></g><g id="b"/><use href="#nowhere" xlink:href="#a"/></svg>',
            "The drawing is made of copies of copies.",
        ),
        (
            OPEN + b'<g id="a"><use href="#b"/></g><g id="a"/><use href="#a"/></svg>',
            "The drawing is made of copies of copies.",
        ),
        (OPEN + b"<g>" * 3_000 + b"</g>" * 3_000 + b"</svg>", NEITHER),
        (OPEN + b"<g/>" * 5_001 + b"</svg>", "The drawing has more than 5,000 parts."),
        (png()[:60], "The PNG file is damaged."),
        (png(4_001, 50), "The picture is more than 4,000 pixels wide or high."),
        (png(60, 39), "The picture is less than 40 pixels wide or high: too little to be printed."),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 524_288, "The file is larger than 512 KB."),
    ],
)
def test_what_is_no_logo_is_refused_and_says_why(data: bytes, problem: str) -> None:
    with pytest.raises(LogoError) as refused:
        check_logo(data=data)
    assert str(refused.value.message) == problem


@pytest.mark.sqlite
def test_what_takes_for_ever_to_draw_is_given_up_in_a_process_of_its_own() -> None:
    """Forty copies of copies are a million million parts: `check_logo` refuses these, the process would any such."""
    pytest.importorskip("weasyprint", reason="libpango is not installed", exc_type=OSError)
    doubled = "".join(
        f'<g id="g{number}"><use xlink:href="#g{number - 1}"/><use xlink:href="#g{number - 1}"/></g>'
        for number in range(1, 41)
    )
    endless = f'<defs><g id="g0"/>{doubled}</defs><use xlink:href="#g40"/></svg>'.encode()
    with pytest.raises(DraftFileError) as refused:
        try_drawing(data=OPEN + endless, seconds=6)
    assert str(refused.value) == "Reading this file took more than 6 seconds, so it was given up."


@pytest.mark.sqlite
def test_nothing_but_the_picture_is_kept() -> None:
    kept = check_logo(data=png(author="Ayşe", place="Bursa"))
    assert kept.content_type == "image/png"
    assert b"Bursa" not in kept.data
    image = Image.open(io.BytesIO(kept.data))
    assert (image.size, image.mode, image.info) == ((60, 50), "RGBA", {})

    drawing = (
        OPEN.replace(b"viewBox", b'xmlns:i="http://www.inkscape.org/" i:path="/home/ayse" viewBox')
        + b"<metadata>Bursa</metadata><i:view/><!-- Bursa --><rect/></svg>"
    )
    kept = check_logo(data=drawing)
    assert kept.content_type == "image/svg+xml"
    assert kept.data.splitlines()[1:] == [
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect /></svg>'
    ]


@pytest.mark.django_db
def test_organisers_give_change_and_remove_it(conference: Conference) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.make_organiser(is_superuser=True))

    refused = save(client, conference, logo_file=SimpleUploadedFile("Logo.svg", GOOD))
    assert errors_of(refused) == {"logo_alt_de": ["Say in at least one language what the logo says."]}
    assert Logo.objects.count() == 0
    given = save(client, conference, logo_file=SimpleUploadedFile("Logo.svg", GOOD), logo_alt_tr="İki köprü")
    assert given.status_code == 302
    shown = shown_logo(conference_id=conference.pk)
    assert shown is not None
    assert (shown.content_type, shown.alt) == ("image/svg+xml", {"de": "", "tr": "İki köprü", "en": ""})
    assert 'src="data:image/svg+xml;base64,' in client.get(change_url(conference)).content.decode()

    assert save(client, conference, logo_file=SimpleUploadedFile("neu.png", png())).status_code == 302
    assert Logo.objects.values_list("file_name", "content_type").get() == ("neu.png", "image/png")
    runs = SimpleUploadedFile("x.svg", OPEN + b'<rect onclick="x"/></svg>')
    assert errors_of(save(client, conference, logo_file=runs)) == {"logo_file": [RUNS]}
    assert save(client, conference, logo_remove="on").status_code == 302
    assert Logo.objects.count() == 0
    entries = AuditEntry.objects.filter(content_type__model="logo").order_by("pk")
    assert [entry.get_action_display() for entry in entries] == ["create", "update", "delete"]
