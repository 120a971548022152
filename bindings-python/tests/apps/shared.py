"""What the applications do with deliveries, and how the tests look inside: over HTTP too, at /state and /go."""

from __future__ import annotations

import threading
from typing import Any

from korewebhook import ReplayGuard, Webhook
from korewebhook._received import Received
from korewebhook._report import Counters
from korewebhook.testing import FixedClock
from signing import SECRET, URL

MAX_BODY = 2000
METHODS = ["GET", "HEAD", "POST", "PUT"]

webhook = Webhook(SECRET, URL, max_body=MAX_BODY)
counters = Counters()
clock = FixedClock()
gate = threading.Event()

_lock = threading.Lock()
_handled: list[str] = []
_rejected: list[str] = []


def on_reject(reason: str, context: dict[str, Any]) -> None:
    """Keeps the reasons, and raises, which must not change an answer."""
    with _lock:
        _rejected.append(f"{context['status']} {reason}")
    raise LookupError("on_reject is broken")


def options(*, guarded: bool = True) -> dict[str, Any]:
    """The options of an adapter; every call makes a guard of its own."""
    guard = ReplayGuard(capacity=64) if guarded else None
    return {"guard": guard, "on_reject": on_reject, "counters": counters, "clock": clock}


def handle(received: Received) -> None:
    """Keeps what was to be handled."""
    with _lock:
        _handled.extend(event.id for event in received.events)
        _handled.extend(f"bad {event.reason}" for event in received.bad_events)
        if received.delivery.format == "form":
            repeat = " repeat" if received.repeat else ""
            _handled.append(f"{received.delivery.form().sim_status}{repeat}")


def fail_once(received: Received) -> bool:
    """Keeps it; true the first time."""
    first = received.events[0].id not in _handled
    handle(received)
    return first


def state() -> dict[str, Any]:
    """Everything that was kept."""
    with _lock:
        return {"handled": list(_handled), "rejected": list(_rejected), "counters": counters.snapshot()}
