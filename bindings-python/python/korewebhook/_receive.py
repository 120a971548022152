"""What all adapters share: verify, claim, let the handler work, commit or release. No framework is known here.

An adapter reads the body, calls `receive`, and answers with the status of the `Answer` that it raises; else it calls the handler and then
`settle` with the status of its response, or `release` if it raised.
"""

from __future__ import annotations

import asyncio
import inspect
import secrets
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ._errors import VerificationError
from ._korewebhook import EndpointOnly, ReplayGuard
from ._received import Received
from ._report import Counters, OnReject, Reporter
from .guard import AsyncGuard, Guard, LeaseError, Outcome

if TYPE_CHECKING:
    from ._korewebhook import Delivery, ReplayKey, Webhook

__all__ = ["Answer", "AsyncReceiver", "Attempt", "BodyConsumedError", "Receiver", "content_length"]

_R = TypeVar("_R")
_METHODS = ("claim", "commit", "release", "renew")

OK, REFUSED, TOO_LARGE, UNAVAILABLE = 204, 401, 413, 503
_BUSY = (Outcome.IN_PROGRESS, Outcome.STORE_ERROR)


def content_length(value: str | None) -> int | None:
    """The number of bytes that a Content-Length announces; `None` where there is none, or no number (RFC 9110, section 8.6)."""
    if not value or not value.isascii() or not value.isdecimal():
        return None
    return int(value) if len(value) < 20 else sys.maxsize


class BodyConsumedError(RuntimeError):
    """Somebody has read the body of the request before the adapter could, so nothing can be verified. The message says what to do."""


class Answer(Exception):
    """The request is to be answered with this status, without a body, and not to be handled."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Attempt:
    """A delivery that is being handled, and the claims held meanwhile."""

    received: Received
    keys: Sequence[ReplayKey] = ()
    owner: bytes = b""


class _Base:
    """Everything but the calls to the guard."""

    def __init__(
        self,
        webhook: Webhook,
        on_reject: OnReject | None = None,
        counters: Counters | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.webhook = webhook
        self.clock = clock
        self.report = Reporter(webhook.url, on_reject, counters)

    def check_length(self, length: str | None, headers: Any, method: str) -> None:
        """Refuses a body by its Content-Length, before any of it is read. What is no number is left to the server."""
        known = content_length(length)
        if known is not None and known > self.webhook.max_body:
            raise self._refuse(self.webhook.refuse_unread(headers, method=method), method)

    def verify(self, body: bytes, headers: Any, method: str) -> Delivery:
        """The delivery, or an `Answer`. Of a body that is too large, the first `max_body` + 1 bytes are enough."""
        try:
            verified = self.webhook.verify(body, headers, method=method)
        except VerificationError as error:
            raise self._refuse(error, method) from None
        if isinstance(verified, EndpointOnly):
            # A GET carries no event that was authenticated, so there is nothing for a handler.
            self.report.reject("get-disabled", REFUSED, method=method)
            raise Answer(REFUSED)
        return verified

    def _refuse(self, error: VerificationError, method: str) -> Answer:
        status = TOO_LARGE if error.code == "body-too-large" else REFUSED
        facts = {"number": error.number, "hint": error.hint, "detail": error.detail, "offset": error.offset}
        self.report.reject(error.code, status, method=method, **facts)
        return Answer(status)

    def _store_trouble(self, error: BaseException) -> Answer:
        self.report.reject(Outcome.STORE_ERROR, UNAVAILABLE, error=error)
        return Answer(UNAVAILABLE)

    def _judge(self, keys: Sequence[ReplayKey], outcomes: Sequence[Outcome]) -> int | None:
        """The status to answer with, or `None` where there is something to handle. Tells about all that is not handled."""
        status: int | None
        if any(outcome in _BUSY for outcome in outcomes):
            status = UNAVAILABLE
        elif any(outcome.claimed for outcome in outcomes):
            status = None
        else:
            status = REFUSED if Outcome.STALE in outcomes else OK
        for index, (key, outcome) in enumerate(zip(keys, outcomes, strict=True)):
            if not outcome.claimed:
                self.report.reject(outcome, OK if status is None else status, index=index, key=key.key)
            elif outcome is Outcome.REPEAT_BODY:
                self.report.count(outcome)
        return status

    def _not_given_back(self, error: Exception, *, quiet: bool) -> None:
        if not quiet:
            code = error.code if isinstance(error, LeaseError) else Outcome.STORE_ERROR
            self.report.reject(code, UNAVAILABLE, error=error)

    def _lease_trouble(self, error: LeaseError) -> None:
        # The handler has done its work, so the answer stays: another attempt may do it again.
        self.report.reject(error.code, OK, error=error)


def _checked(outcomes: Sequence[Outcome], keys: Sequence[ReplayKey]) -> list[Outcome]:
    """What a guard said, whatever it is made of: an outcome for each key, or an error."""
    checked = [Outcome(outcome) for outcome in outcomes]
    if len(checked) != len(keys):
        raise ValueError(f"the guard gave {len(checked)} outcomes for {len(keys)} keys")
    return checked


def _claimed(keys: Sequence[ReplayKey], outcomes: Sequence[Outcome]) -> list[ReplayKey]:
    return [key for key, outcome in zip(keys, outcomes, strict=True) if outcome.claimed]


def _succeeded(status: int) -> bool:
    # Only a 2xx tells KORE that it was handled.
    return 200 <= status < 300


class Receiver(_Base):
    """For adapters that call the handler in the thread of the request."""

    def __init__(self, webhook: Webhook, guard: Guard | AsyncGuard | None = None, **options: Any) -> None:
        super().__init__(webhook, **options)
        if guard is not None and any(inspect.iscoroutinefunction(getattr(guard, name)) for name in _METHODS):
            raise TypeError("this view is synchronous: give it a guard whose methods are no coroutines")
        self.guard = cast("Guard | None", guard)

    @staticmethod
    def _call(method: Callable[..., _R], *arguments: Any) -> _R:
        result = method(*arguments)
        if inspect.isawaitable(result):
            raise TypeError("this view is synchronous, and its guard returned an awaitable")
        return result

    def receive(self, body: bytes, headers: Any, method: str) -> Attempt:
        """Verifies and claims. Raises `Answer` where there is nothing to handle."""
        delivery = self.verify(body, headers, method)
        if self.guard is None:
            self.report.count("accepted")
            return Attempt(Received(delivery))
        keys, owner = delivery.replay_keys(), secrets.token_bytes(16)
        try:
            said = self._call(self.guard.claim, keys, delivery.idempotency_token, owner, self.clock())
            outcomes = _checked(said, keys)
        except BaseException as error:
            # Whatever it may hold of them all the same.
            self._give_back(Attempt(Received(delivery), keys, owner), quiet=True)
            if isinstance(error, Exception):
                raise self._store_trouble(error) from error
            raise
        attempt = Attempt(Received(delivery, tuple(outcomes)), _claimed(keys, outcomes), owner)
        status = self._judge(keys, outcomes)
        if status is not None:
            self._give_back(attempt)
            raise Answer(status)
        self.report.count("accepted")
        return attempt

    def settle(self, attempt: Attempt, status: int) -> None:
        """After the handler: commits if it answers 2xx, else releases. Raises `Answer` where the store has trouble."""
        if not _succeeded(status):
            self.release(attempt)
        elif self.guard is not None:
            try:
                self._call(self.guard.commit, attempt.keys, attempt.owner, self.clock())
            except LeaseError as error:
                self._lease_trouble(error)
            except Exception as error:
                raise self._store_trouble(error) from error

    def release(self, attempt: Attempt) -> None:
        """After a handler that failed: the next attempt is new. Never raises."""
        self.report.count("handler-failed")
        self._give_back(attempt)

    def run(self, attempt: Attempt, handler: Callable[[], _R], status_of: Callable[[_R], int]) -> _R:
        """Calls the handler and settles with the status of what it returns."""
        try:
            response = handler()
            status = status_of(response)
        except BaseException:
            self.release(attempt)
            raise
        self.settle(attempt, status)
        return response

    def _give_back(self, attempt: Attempt, *, quiet: bool = False) -> None:
        if self.guard is None or not attempt.keys:
            return
        try:
            self._call(self.guard.release, attempt.keys, attempt.owner, self.clock())
        except Exception as error:  # the lease runs out by itself
            self._not_given_back(error, quiet=quiet)


async def _shield(call: Callable[[], Awaitable[_R]]) -> _R:
    task = asyncio.ensure_future(call())
    _shielded.add(task)
    task.add_done_callback(_shielded.discard)
    return await asyncio.shield(task)


_shielded: set[asyncio.Future[Any]] = set()
"""What goes on although the request was cancelled: the event loop itself holds its tasks weakly."""


class AsyncReceiver(_Base):
    """For adapters of an event loop. A guard that is not asynchronous is called in a thread, `ReplayGuard`, which never waits, at once."""

    def __init__(
        self,
        webhook: Webhook,
        guard: Guard | AsyncGuard | None = None,
        *,
        to_thread: Callable[..., Awaitable[Any]] = asyncio.to_thread,
        shield: Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]] = _shield,
        **options: Any,
    ) -> None:
        super().__init__(webhook, **options)
        self.guard = guard
        self._to_thread = to_thread
        self._shield = shield

    async def _call(self, method: Callable[..., Any], *arguments: Any) -> Any:
        if inspect.iscoroutinefunction(method) or isinstance(self.guard, ReplayGuard):
            result = method(*arguments)
        else:
            result = await self._to_thread(method, *arguments)
        return await result if inspect.isawaitable(result) else result

    async def _call_to_end(self, method: Callable[..., Any], *arguments: Any) -> Any:
        """The same, also where the request is cancelled meanwhile."""
        return await self._shield(lambda: self._call(method, *arguments))

    async def receive(self, body: bytes, headers: Any, method: str) -> Attempt:
        """As `Receiver.receive`."""
        delivery = self.verify(body, headers, method)
        if self.guard is None:
            self.report.count("accepted")
            return Attempt(Received(delivery))
        keys, owner = delivery.replay_keys(), secrets.token_bytes(16)
        try:
            said = await self._call(self.guard.claim, keys, delivery.idempotency_token, owner, self.clock())
            outcomes = _checked(said, keys)
        except BaseException as error:
            # Whatever it may hold of them all the same.
            await self._give_back(Attempt(Received(delivery), keys, owner), quiet=True)
            if isinstance(error, Exception):
                raise self._store_trouble(error) from error
            raise
        attempt = Attempt(Received(delivery, tuple(outcomes)), _claimed(keys, outcomes), owner)
        status = self._judge(keys, outcomes)
        if status is not None:
            await self._give_back(attempt)
            raise Answer(status)
        self.report.count("accepted")
        return attempt

    async def settle(self, attempt: Attempt, status: int) -> None:
        """As `Receiver.settle`."""
        if not _succeeded(status):
            await self.release(attempt)
        elif self.guard is not None:
            try:
                await self._call_to_end(self.guard.commit, attempt.keys, attempt.owner, self.clock())
            except LeaseError as error:
                self._lease_trouble(error)
            except Exception as error:
                raise self._store_trouble(error) from error

    async def release(self, attempt: Attempt) -> None:
        """As `Receiver.release`."""
        self.report.count("handler-failed")
        await self._give_back(attempt)

    async def run(self, attempt: Attempt, handler: Callable[[], Awaitable[_R]], status_of: Callable[[_R], int]) -> _R:
        """As `Receiver.run`."""
        try:
            response = await handler()
            status = status_of(response)
        except BaseException:
            await self.release(attempt)
            raise
        await self.settle(attempt, status)
        return response

    async def _give_back(self, attempt: Attempt, *, quiet: bool = False) -> None:
        if self.guard is None or not attempt.keys:
            return
        try:
            await self._call_to_end(self.guard.release, attempt.keys, attempt.owner, self.clock())
        except Exception as error:  # the lease runs out by itself
            self._not_given_back(error, quiet=quiet)
