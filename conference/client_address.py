"""Who is asking, for rate limits: an IPv4 address, or the network of an IPv6 one.

`X-Forwarded-For` can be written by anybody. It is read only where TRUSTED_PROXIES says how many proxies of ours add
to it, and then only the entry the outermost of these has added.
"""

from __future__ import annotations

from allauth.core.internal.httpkit import clean_client_ip, get_client_ip
from allauth.core.internal.ratelimit import truncate_ip
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """Whoever comes from one /64 is counted as one: a single connection has that many IPv6 addresses."""
    return str(truncate_ip(client_ip(request)))


def client_ip(request: HttpRequest) -> str:
    """Where fewer proxies have added to the header than are trusted, it has not passed them: it is not read."""
    try:
        found = get_client_ip(request)
    except ImproperlyConfigured:
        found = clean_client_ip(request.META.get("REMOTE_ADDR", ""))
    return found or UNKNOWN
