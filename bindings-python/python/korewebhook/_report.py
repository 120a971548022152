"""Who is told about what was refused: a callback and counters, by the stable names. Neither ever changes an answer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

__all__ = ["Counters", "OnReject", "Reporter"]

OnReject = Callable[[str, dict[str, Any]], object]
"""Called as `on_reject(reason, context)`: the stable name, and what may be logged about it.

`context` always has `url` (signed part) and `status` (what was answered). A refused request adds `method`, `number`, `hint`, `detail` and
`offset`; an outcome of the guard adds `index` (place of its key in the delivery) and `key`; trouble with the store or a lease adds `error`.
It never holds a secret, a body or a signature. It is called in the request's own thread or event loop: be quick.
"""

_log = logging.getLogger("korewebhook")


class Counters:
    """How often each reason occurred. It may be shared by several endpoints and is safe for threads.

    Counted are `accepted` (handed to the handler), the reason of every refused request, and, for each key of a delivery, every outcome but
    `new`; further `lost-lease`, `already-committed`, `handler-failed`, and `disconnected` where a client went away before its body was complete.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}

    def add(self, reason: str) -> None:
        """Counts one."""
        with self._lock:
            self._counts[reason] = self._counts.get(reason, 0) + 1

    def snapshot(self) -> dict[str, int]:
        """A copy of the counts by reason, those from 1 on."""
        with self._lock:
            return dict(self._counts)


class Reporter:
    """Counts, and calls `on_reject`."""

    def __init__(self, url: str, on_reject: OnReject | None, counters: Counters | None) -> None:
        self._url = url
        self._on_reject = on_reject
        self.counters = Counters() if counters is None else counters

    def count(self, reason: str) -> None:
        """Counts what nobody needs to be told."""
        self.counters.add(reason)

    def reject(self, reason: str, status: int, **context: Any) -> None:
        """Counts and tells. What `on_reject` raises is logged."""
        self.counters.add(reason)
        if self._on_reject is None:
            return
        try:
            self._on_reject(reason, {"url": self._url, "status": status, **context})
        except Exception:
            _log.exception("on_reject raised for %s", reason)
