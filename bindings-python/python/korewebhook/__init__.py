"""Sign and verify KORE Wireless webhooks.

    webhook = Webhook(secret, url)
    delivery = webhook.verify(body, headers)

KORE signs a delivery with a plain SHA-256 over secret, method, URL and body, JSON bodies minified. That is verified byte for byte, and what is weak
about it (length extension, moved boundaries, unsigned headers) is closed. The work is done by a Rust core; this package converts.
"""

from ._errors import VerificationError
from ._events import BadEvent, CloudEvent, ConnectionEvent
from ._form import Form
from ._korewebhook import (
    REASONS,
    Delivery,
    EndpointOnly,
    ReplayGuard,
    ReplayKey,
    StandardDelivery,
    StandardWebhook,
    Webhook,
    __version__,
    minify_json,
    parse_date,
    signed_url,
    verify_bearer,
)
from .guard import AlreadyCommitted, AsyncGuard, Guard, LeaseError, LostLease, Outcome

__all__ = [
    "REASONS",
    "AlreadyCommitted",
    "AsyncGuard",
    "BadEvent",
    "CloudEvent",
    "ConnectionEvent",
    "Delivery",
    "EndpointOnly",
    "Form",
    "Guard",
    "LeaseError",
    "LostLease",
    "Outcome",
    "ReplayGuard",
    "ReplayKey",
    "StandardDelivery",
    "StandardWebhook",
    "VerificationError",
    "Webhook",
    "__version__",
    "minify_json",
    "parse_date",
    "signed_url",
    "verify_bearer",
]
