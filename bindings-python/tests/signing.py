"""KORE's signature by `hashlib`, so that the package is not measured by itself."""

from __future__ import annotations

import hashlib

SECRET = "f4d430d03cff6f03e1"
URL = "https://hooks.example.com/kore/"
FORM = "application/x-www-form-urlencoded; charset=utf-8"
JSON = "application/json"


def signature(canonical: bytes, *, secret: str = SECRET, url: str = URL) -> str:
    """SHA-256(secret ‖ POST ‖ URL ‖ canonical body), in hex."""
    return hashlib.sha256(secret.encode() + b"POST" + url.encode() + canonical).hexdigest()


def headers(canonical: bytes, *, content_type: str = JSON, token: str = "RQ1") -> dict[str, str]:
    """What KORE sends with a body whose canonical form is this."""
    return {
        "Content-Type": content_type,
        "Date": "2024-07-03T14:40:58Z",
        "Kore-Idempotency-Token": token,
        "Kore-Signature": signature(canonical),
        "User-Agent": "KoreProxy/1.1",
    }


def event(event_id: str) -> bytes:
    """One CloudEvent in canonical form. It has no time, so no clock makes it stale."""
    return b'{"id":"%s","source":"kore-events","type":"com.kore.eventstreams.test.event"}' % event_id.encode()
