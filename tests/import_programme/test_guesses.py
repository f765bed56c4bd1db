from __future__ import annotations

import pytest

from workshops.domain.draft.values import DraftAppearance, DraftSession
from workshops.domain.import_programme.guesses import (
    city_of,
    names_of,
    organisation_country,
    organisation_kind,
    role_in,
    session_kind,
    split_name,
    town_in,
)
from workshops.domain.import_programme.slugs import free_slug, slug_of
from workshops.domain.import_programme.want import calm, paragraphs


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Kurze technische Einführung", "technical"),
        ("Teknik tanıtım", "technical"),
        ("Technical introduction", "technical"),
        ("Begrüßung des Moderators", "welcome"),
        ("Açılış ve selamlama", "welcome"),
        ("Welcome", "welcome"),
        ("Begrüßung und Einführung", "introduction"),
        ("Giriş", "introduction"),
        ("Praxisbeispiel aus der Türkei", "presentation"),
        ("İyi uygulama örneği", "presentation"),
        ("Diskussionsrunde", "discussion"),
        ("Tartışma", "discussion"),
        ("Soru-cevap", "discussion"),
        ("Moderated discussion", "discussion"),
        ("Impulsvortrag: Wasser in der Stadt", "keynote"),
        ("Keynote", "keynote"),
        ("Arbeitsblock II: Zukunft jetzt gestalten", "work"),
        ("Grup çalışması", "work"),
        ("Kaffeepause", "break"),
        ("Kahve molası", "break"),
        ("Coffee break", "break"),
        ("Zusammenfassung und Schlusswort", "summary"),
        ("Özet ve kapanış", "summary"),
        ("Summary and outlook", "summary"),
        ("Präsentation der Ergebnisse im Plenum und Abschluss", "results"),
    ],
)
def test_the_kind_of_a_session_shows_in_its_title(title: str, kind: str) -> None:
    assert session_kind(title) == kind


@pytest.mark.parametrize(
    ("name", "kind", "country"),
    [
        ("Stadt Konya", "city", "TR"),
        ("Konya Büyükşehir Belediyesi", "city", "TR"),
        ("City of Nuremberg", "city", ""),
        ("Landeshauptstadt München", "city", "DE"),
        ("Osnabrück", "city", "DE"),
        ("Frankfurt a. M.", "city", "DE"),
        ("Bundesministerium für Umwelt", "ministry", "DE"),
        ("T.C. Çevre Bakanlığı", "ministry", ""),
        ("Deutscher Städtetag", "host", "DE"),
        ("Türkiye Belediyeler Birliği", "host", "TR"),
        ("Deutsch-Türkische Jugendbrücke", "host", ""),
        ("Universität Kiel", "institute", ""),
        ("Migration Policy Center, Ankara", "institute", "TR"),
        ("Plattform-Dienstleister", "provider", ""),
        ("IMAP", "company", ""),
        ("Muster GmbH", "company", ""),
    ],
)
def test_what_an_organisation_is_shows_in_its_name(name: str, kind: str, country: str) -> None:
    assert (organisation_kind(name), organisation_country(name)) == (kind, country)


def test_a_session_tells_where_a_small_town_lies() -> None:
    assert organisation_country("Stadt Fethiye", session_title="Praxisbeispiel aus der Türkei") == "TR"
    assert organisation_country("Stadt Unna", session_title="Deutsch-Türkischer Austausch") == ""


def test_a_city_is_known_by_its_town_in_each_language() -> None:
    assert [city_of(n) for n in ("Stadt Köln", "Köln Belediyesi", "City of Köln", "Verband")] == [
        "koln"
    ] * 3 + [""]
    assert (town_in("Stadt Nürnberg"), town_in("Deutscher Städtetag")) == ("Nürnberg", "")


def test_an_organisation_is_known_by_its_abbreviation() -> None:
    assert names_of("Verband Türkischer Kommunen (TBB)") & names_of("TBB") == {"tbb"}
    assert names_of("IMIS, Osnabrück") & names_of("Osnabrück") == set()


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Sabine Drees", ("", "Sabine", "Drees")),
        ("Hilmar von Lojewski", ("", "Hilmar", "von Lojewski")),
        ("Dr. Franck Düvell", ("Dr.", "Franck", "Düvell")),
        ("Prof. Dr. Ali Zafer Sağiroğlu", ("Prof. Dr.", "Ali Zafer", "Sağiroğlu")),
        ("Dr. h. c. Ada Lovelace", ("Dr. h. c.", "Ada", "Lovelace")),
        ("Doç. Dr. Ayşe Işık", ("Doç. Dr.", "Ayşe", "Işık")),
        ("Nat Turner", ("", "Nat", "Turner")),
        ("Ada de la Cruz", ("", "Ada de la", "Cruz")),
    ],
)
def test_a_name_has_a_title_first_names_and_a_last_name(name: str, parts: tuple[str, str, str]) -> None:
    assert split_name(name) == parts


def test_roles_follow_from_the_session_where_the_draft_gives_none() -> None:
    def role(title: str, *roles: str, name: str | None = "Ada Işık") -> list[str]:
        people = [DraftAppearance(name, role) for role in roles]
        session = DraftSession(title, 1, appearances=people)
        return [role_in(session, person) for person in people]

    assert role("Begrüßung der Moderatorin", "speaker") == ["moderator"]
    assert role("Begrüßung und Einführung", "speaker") == ["greeting"]
    assert role("Begrüßung und Einführung", "greeting", "speaker") == ["greeting", "speaker"]
    assert role("Technische Einführung", "speaker", name=None) == ["technician"]
    assert role("Diskussion", "moderator", "speaker") == ["moderator", "speaker"]
    assert role("Vortrag", "speaker") == ["speaker"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Digitale Stadt", "digitale-stadt"),
        (
            "Die Schutzfunktion der Kommunen für marginalisierte Gruppen und Geflüchtete",
            "schutzfunktion-der-kommunen",
        ),
        ("Jugendaustausch in partizipativ orientierten Städtepartnerschaften", "jugendaustausch"),
        ("Şehirlerde su yönetimi ve ışık", "sehirlerde-su-yoenetimi-ve-isik"),
        ("İklim & Straße", "iklim-strasse"),
        ("x" * 80, "x" * 50),
        (
            "Ein Titel aus vielen langen Wörtern ohne jedes Ende und Ziel",
            "ein-titel-aus-vielen-langen-woertern-ohne-jedes",
        ),
        ("…", ""),
    ],
)
def test_a_slug_is_readable_and_ends_with_a_word(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_a_taken_slug_gets_a_number() -> None:
    taken = {"wasser", "wasser-2"}
    assert free_slug("Wasser", otherwise="x", is_taken=taken.__contains__) == "wasser-3"
    assert free_slug("…", otherwise="speaker", is_taken=taken.__contains__) == "speaker"


def test_a_shouted_title_is_written_in_ordinary_letters() -> None:
    assert calm("VIRTUELLE VORKONFERENZ", "de") == "Virtuelle Vorkonferenz"
    assert calm("KONFERENZ DER STÄDTE", "de") == "Konferenz der Städte"
    assert calm("İKLİM VE IŞIK TOPLANTISI", "tr") == "İklim ve Işık Toplantısı"
    assert calm("DST-Tagung in Köln", "de") == "DST-Tagung in Köln"


def test_lines_become_paragraphs_and_lists() -> None:
    assert paragraphs(["Eins.", "- a", "- b", "Zwei.", ""]) == "Eins.\n\n- a\n- b\n\nZwei."
