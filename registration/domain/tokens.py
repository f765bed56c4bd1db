"""Personal links: 256 bits of HMAC under a key outside the database, so that a dump of it opens nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.kept_queries import KeptQuery
from conference.query_slots import text
from registration.domain import sealed
from registration.domain.errors import DomainError
from registration.models import Participant, PersonalLink
from workshops.models import Conference, WorkshopDay

KEPT_AFTER_THE_CONFERENCE = dt.timedelta(days=30)
_AT_ONCE = 2_000
_PURPOSE = "personal-link"
_LINK_OF_TOKEN: KeptQuery[PersonalLink] = KeptQuery(
    lambda: PersonalLink.objects.filter(digest=text("digest"))
)


class LinkError(DomainError):
    """A personal link that does not open anything (any more)."""


class LinkUnknown(LinkError):  # noqa: N818 (named after what the person is told)
    pass


class LinkExpired(LinkError):  # noqa: N818
    pass


class LinkRevoked(LinkError):  # noqa: N818
    pass


def issue_link(*, participant: Participant, expires_at: dt.datetime | None = None) -> PersonalLink:
    """A new link for one person, valid until `expires_at` (aware), by default some weeks after the conference."""
    link = _new_link(participant, expires_at or _default_expiry(participant.conference))
    link.save(force_insert=True)
    return link


def issue_links(*, participants: Sequence[Participant]) -> list[PersonalLink]:
    """A new link for each of many people of one conference, in their order; valid as long as any other."""
    if not participants:
        return []
    expires_at = _default_expiry(participants[0].conference)
    links = [_new_link(participant, expires_at) for participant in participants]
    return PersonalLink.objects.bulk_create(links, batch_size=_AT_ONCE)


def _new_link(participant: Participant, expires_at: dt.datetime) -> PersonalLink:
    seed = sealed.new_seed()
    digest = sealed.digest_of(sealed.token_of(purpose=_PURPOSE, seed=seed))
    return PersonalLink(participant=participant, seed=seed, digest=digest, expires_at=expires_at)


def token_of(*, link: PersonalLink) -> str:
    """The token that goes into the mail: the same each time a message is rendered again, also after SECRET_KEY was
    changed, as long as SECRET_KEY_FALLBACKS names the former one.
    """
    return _known_token(link) or sealed.token_of(purpose=_PURPOSE, seed=link.seed)


def can_be_written_again(*, link: PersonalLink) -> bool:
    """Whether any key we have still makes the link's token; links in old mails open all the same."""
    return bool(_known_token(link))


def open_link(*, token: str) -> PersonalLink:
    """The link a token belongs to. Raises LinkUnknown (also for a truncated one), LinkRevoked, LinkExpired."""
    link = None
    if sealed.TOKEN.fullmatch(token):
        link = _LINK_OF_TOKEN.first(digest=sealed.digest_of(token))
    if link is None:
        raise LinkUnknown(
            _(
                "This link is not known here. Perhaps it was cut off when it was copied: please use the whole link."
            )
        )
    check_link(link=link)
    return link


def check_link(*, link: PersonalLink) -> None:
    """Raises LinkRevoked or LinkExpired where the link no longer opens anything."""
    if link.revoked_at is not None:
        raise LinkRevoked(_("This link has been withdrawn."))
    if link.expires_at <= timezone.now():
        raise LinkExpired(_("This link has expired."))


def _known_token(link: PersonalLink) -> str:
    return sealed.known_token(purpose=_PURPOSE, seed=link.seed, digest=link.digest)


def _default_expiry(conference: Conference) -> dt.datetime:
    """The end of a day in the home zone, some weeks after whatever comes last."""
    last_day = WorkshopDay.objects.filter(workshop__conference=conference).aggregate(last=Max("date"))["last"]
    zone = ZoneInfo(conference.home_zone)
    today = timezone.now().astimezone(zone).date()
    last = max(conference.ends_on, last_day or conference.ends_on, today)
    return dt.datetime.combine(last + KEPT_AFTER_THE_CONFERENCE, dt.time(23, 59), tzinfo=zone)
