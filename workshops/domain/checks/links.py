"""Links that lead nowhere: without a proper address, or to a page of ours that does not exist. Nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext, override

from workshops.domain.checks.finding import Finding, Place, Ref, Severity, in_each_language
from workshops.domain.checks.look import Look, Placed
from workshops.domain.checks.texts import conference_texts, organisations, shared_texts, workshop_texts
from workshops.domain.checks.words import said
from workshops.domain.programme import Programme
from workshops.languages import CODES
from workshops.markdown import link_targets

_WEBSITE = URLValidator(schemes=["http", "https"])


def links_lead_somewhere(look: Look) -> Iterator[Finding]:
    seen = set()
    for place, target in _targets(look.programme):
        if (place.ref, target) not in seen:
            seen.add((place.ref, target))
            if is_broken(target, look.programme):
                yield _broken(place, target)


def _broken(place: Place, target: str) -> Finding:
    message = in_each_language(
        lambda: (
            gettext("%(place)s: the link to “%(target)s” leads nowhere.")
            % {"place": said(place.text), "target": target}
        )
    )
    return Finding("broken-link", Severity.WARNING, message, (place,))


def _targets(programme: Programme) -> Iterator[tuple[Place, str]]:
    for place, text in _texts(programme):
        for source in text.values():
            for target in link_targets(source):
                yield place, target
    yield from _websites(programme)


def _texts(programme: Programme) -> Iterator[Placed]:
    for workshop in programme.workshops:
        yield from workshop_texts(workshop)
    yield from conference_texts(programme)
    yield from shared_texts(programme)


def _websites(programme: Programme) -> Iterator[tuple[Place, str]]:
    for organisation in organisations(programme).values():
        if organisation.website:
            yield Place(organisation.name, Ref("organisation", organisation.slug)), organisation.website
    for platform in {w.platform.name: w.platform for w in programme.workshops if w.platform}.values():
        if platform.website:
            yield Place(dict.fromkeys(CODES, platform.name), Ref("platform", platform.name)), platform.website


def is_broken(target: str, programme: Programme) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return True
    if parts.scheme in ("http", "https"):
        return not _is_website(target) or (_is_ours(parts.netloc) and not _page_exists(parts.path, programme))
    if parts.scheme or parts.netloc:
        return not _is_address(parts)
    if not parts.path:
        return not parts.fragment
    return not parts.path.startswith("/") or not _page_exists(parts.path, programme)


def _is_address(parts: SplitResult) -> bool:
    """Of somebody to write to or to call; other schemes are cut out of our pages."""
    if parts.scheme == "tel":
        return any(letter.isdigit() for letter in parts.path)
    return parts.scheme == "mailto" and _is_mail(unquote(parts.path))


def _is_website(target: str) -> bool:
    try:
        _WEBSITE(target)
    except ValidationError:
        return False
    return True


def _is_mail(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _is_ours(host: str) -> bool:
    return bool(settings.BASE_URL) and host.lower() == urlsplit(settings.BASE_URL).netloc.lower()


def _page_exists(path: str, programme: Programme) -> bool:
    if path.startswith(settings.STATIC_URL):
        return True
    match = _resolved(unquote(path) or "/")
    if match is None:
        return False
    slug = str(match.kwargs.get("slug", ""))
    if match.view_name == "workshops:workshop":
        return programme.workshop(slug) is not None
    if match.view_name == "workshops:speaker":
        return programme.speaker(slug) is not None
    return True


def _resolved(path: str) -> ResolverMatch | None:
    """Addresses begin with a language, and are known while that language is active only."""
    language = path.split("/")[1] if "/" in path[1:] else ""
    with override(language if language in CODES else "en"):
        for address in (path, path if path.endswith("/") else f"{path}/"):
            try:
                return resolve(address)
            except Resolver404:
                continue
    return None
