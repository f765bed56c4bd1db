"""The headers every answer carries."""

from __future__ import annotations

from django.http import HttpResponseBase

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
REFERRERS = {"same-origin", "no-referrer"}


def wrong(address: str, answer: HttpResponseBase) -> list[str]:
    """What is missing on this answer; the mailbox's frame of a mail is the demo's own."""
    policy = answer.headers.get("Content-Security-Policy", "")
    found = [name for name, value in EXPECTED.items() if answer.headers.get(name) != value]
    if address.startswith("/mailbox/") and address.endswith("/html/"):
        return [name for name in found if name != "X-Frame-Options"]
    found += ["CSP"] if "default-src 'none'" not in policy or "frame-ancestors 'none'" not in policy else []
    found += ["unsafe"] if "unsafe" in policy or "*" in policy or "http:" in policy else []
    found += ["Referrer-Policy"] if answer.headers.get("Referrer-Policy") not in REFERRERS else []
    found += ["Permissions-Policy"] if "camera=()" not in answer.headers.get("Permissions-Policy", "") else []
    return found + (
        ["says who serves"] if "Server" in answer.headers or "X-Powered-By" in answer.headers else []
    )
