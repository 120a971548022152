"""What replay guards and durable stores have in common: outcomes, lease errors and the interface.

A guard remembers what was handled, so that a retry or a replay of it is acknowledged and not handled again. `korewebhook.ReplayGuard`
is one for a single process; a store for several processes implements the same interface.

Rules that every implementation keeps:

- `claim` is atomic over all keys of a delivery: either every key has its outcome, or it raises and holds nothing.
- A claim belongs to its owner (16 random bytes, drawn for each attempt) and runs out after the lease. Only the owner can commit, release or
  renew it; a claim that has run out may be taken over by the next attempt.
- Handler deadline (10 s) < lease (12 s) < KORE's read timeout (15 s): the claim of an attempt that crashed has run out when KORE retries.
- It fails closed. Where it can't tell, or has no room, the answer is `store-error` or an exception, and the adapters answer 503, which KORE
  retries. They never answer 409 or 429, which may not be retried, and never 2xx for what was not handled.
- Nothing that is live is ever evicted to make room.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

if TYPE_CHECKING:
    from ._korewebhook import ReplayKey

__all__ = ["AlreadyCommitted", "AsyncGuard", "Guard", "LeaseError", "LostLease", "Outcome"]


class Outcome(StrEnum):
    """What a guard says of one key of a delivery. Values are the stable names used in logs and metrics."""

    NEW = "new"
    """Never seen. It is claimed: handle it, then commit or release."""
    DUPLICATE = "duplicate"
    """Seen and committed, or a second time in the same delivery. Acknowledge it and do nothing."""
    REPEAT_BODY = "repeat-body"
    """A body without ids, seen under another token: a genuine repeat or a replay, which can't be told apart. It is claimed: take it as a
    hint and fetch the state from KORE's API."""
    CONFLICT = "conflict"
    """The same event id with other content. Not claimed: keep it for a person to look at."""
    IN_PROGRESS = "in-progress"
    """Another attempt holds the claim. Answer 503, so that the sender retries."""
    STALE = "stale"
    """The signed time lies outside of the window. Not claimed."""
    STORE_ERROR = "store-error"
    """There is no room, or the store has trouble. Nothing of the delivery was claimed: answer 503."""

    @property
    def claimed(self) -> bool:
        """Whether the caller holds a claim now, and is to handle it."""
        return self in (Outcome.NEW, Outcome.REPEAT_BODY)


class LeaseError(Exception):
    """A commit, a release or a renewal had no effect on at least one of its keys. `code` is its stable name."""

    code: ClassVar[str] = "lease-error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(self.code if message is None else message)


class LostLease(LeaseError):
    """The claim, or a part of it, ran out and was taken over. What is still held was treated as asked."""

    code: ClassVar[str] = "lost-lease"


class AlreadyCommitted(LeaseError):
    """This owner has committed before."""

    code: ClassVar[str] = "already-committed"


@runtime_checkable
class Guard(Protocol):
    """A replay guard. It may be called from several threads at once.

    `owner` is 16 random bytes, the same for every call of one attempt; `now` is in seconds since 1970. `commit`, `release` and `renew` take
    the keys whose outcome was `claimed`, and raise `LostLease` or `AlreadyCommitted`.
    """

    def claim(self, keys: Sequence[ReplayKey], token: str | None, owner: bytes, now: float) -> list[Outcome]:
        """Claims all keys of a delivery at once and answers for each, in their order. `token` is the idempotency token, if there is one."""
        ...

    def commit(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        """Keeps the keys for good: the handler has succeeded."""
        ...

    def release(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        """Gives the keys back: the handler has failed, and the next attempt is `new`."""
        ...

    def renew(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        """Lets the lease begin anew, for a handler that takes longer."""
        ...


@runtime_checkable
class AsyncGuard(Protocol):
    """`Guard` with coroutines, for the asynchronous adapters."""

    async def claim(self, keys: Sequence[ReplayKey], token: str | None, owner: bytes, now: float) -> list[Outcome]:
        """As `Guard.claim`."""
        ...

    async def commit(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        """As `Guard.commit`."""
        ...

    async def release(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        """As `Guard.release`."""
        ...

    async def renew(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        """As `Guard.renew`."""
        ...
