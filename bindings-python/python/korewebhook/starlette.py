"""Starlette and FastAPI: a dependency for one route, and an ASGI middleware for several paths.

    kore = KoreWebhook(Webhook.from_env(), guard=ReplayGuard())

    @app.post("/kore/", status_code=204)
    async def handle(received: Annotated[Received, Depends(kore, scope="function")]) -> None:
        for event in received.events:
            ...

They capture the raw body themselves and verify it. A refused request gets 401, a body that is too large 413, a delivery that another attempt
holds 503, one that was handled before 204. When the route raises (with the middleware also: answers anything but 2xx), what it had claimed is
given back, so that KORE's retry is handled anew.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ._receive import REFUSED, Answer, AsyncReceiver, Attempt, BodyConsumedError, content_length
from ._received import Received
from ._report import Counters, OnReject
from .guard import AsyncGuard, Guard

if TYPE_CHECKING:
    from ._korewebhook import Webhook

__all__ = ["BodyConsumedError", "Counters", "KoreWebhook", "KoreWebhookMiddleware", "Received", "received"]

_KEY = "korewebhook.received"


async def _shield(call: Callable[[], Awaitable[Any]]) -> Any:
    with anyio.CancelScope(shield=True):
        return await call()


_CONSUMED = (
    "the body of this request was read before it was verified: verify first, and let no middleware or dependency before it read the stream or "
    "the form, and no parameter of the route be a form"
)


class KoreWebhook:
    """A dependency that gives `Received`. Use it as `Depends(KoreWebhook(webhook), scope="function")`.

    With that scope (FastAPI 0.121 or later) the claim is committed before the answer goes out; without it, right after. A route that fails has
    to raise: a dependency doesn't see what the route answers. Its status for `None` is the route's own: `status_code=204`.

    From then on the request reads the canonical body, which is what was signed. At most `webhook.max_body` bytes are read.
    A route with this dependency has no body parameter of its own, of any kind: FastAPI would read the whole body for it before anything is
    verified. `received.delivery.json()` is what to parse.

    It raises `BodyConsumedError` in a request whose stream was read before, unless `request.body()` has kept it.
    """

    def __init__(
        self,
        webhook: Webhook,
        *,
        guard: Guard | AsyncGuard | None = None,
        on_reject: OnReject | None = None,
        counters: Counters | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._receiver = AsyncReceiver(
            webhook, guard, to_thread=run_in_threadpool, shield=_shield, on_reject=on_reject, counters=counters, clock=clock
        )

    async def __call__(self, request: Request) -> AsyncIterator[Received]:
        """Verifies, hands over, then commits or releases."""
        receiver, headers = self._receiver, request.scope["headers"]
        try:
            body = await _body(receiver, request)
            attempt = await receiver.receive(body, headers, request.method)
        except Answer as answer:
            raise HTTPException(answer.status) from None
        request._body = attempt.received.delivery.body  # what request.body(), json() and form() go by
        try:
            yield attempt.received
        except BaseException:
            await receiver.release(attempt)
            raise
        try:
            await receiver.settle(attempt, 200)
        except Answer as answer:
            raise HTTPException(answer.status) from None


class KoreWebhookMiddleware:
    """Verifies the requests for some paths before they reach the application, which finds what was received with `received(request)`.

    `webhooks` says which `Webhook` stands for which path; the path is compared as the application's router sees it, whole. Every other request
    passes as it is. The application reads the canonical body. The claim is committed before an answer of 2xx goes out, so
    what a streaming answer still does after its start is not covered by it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        webhooks: Mapping[str, Webhook],
        guard: Guard | AsyncGuard | None = None,
        on_reject: OnReject | None = None,
        counters: Counters | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.app = app
        self._receivers = {
            path: AsyncReceiver(
                webhook, guard, to_thread=run_in_threadpool, shield=_shield, on_reject=on_reject, counters=counters, clock=clock
            )
            for path, webhook in webhooks.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        receiver = self._receivers.get(_path(scope)) if scope["type"] == "http" else None
        if receiver is None:
            await self.app(scope, receive, send)
            return
        try:
            body = await _body(receiver, Request(scope, receive))
            attempt = await receiver.receive(body, scope["headers"], scope["method"])
        except Answer as answer:
            await _bare(send, answer.status)
            return
        await _Exchange(receiver, attempt, receive, send).run(self.app, scope)


def received(connection: HTTPConnection) -> Received:
    """What `KoreWebhookMiddleware` has verified for this request.

    Raises `RuntimeError` where it has not, so that a path which was forgotten there doesn't go unverified.
    """
    found = connection.scope.get(_KEY)
    if not isinstance(found, Received):
        raise RuntimeError("this request was not verified: add its path to the webhooks of KoreWebhookMiddleware")
    return found


class _Exchange:
    """One accepted request on its way through the application."""

    def __init__(self, receiver: AsyncReceiver, attempt: Attempt, receive: Receive, send: Send) -> None:
        self._receiver = receiver
        self._attempt: Attempt | None = attempt  # None once settled
        self._received = attempt.received
        self._receive = receive
        self._send = send
        self._body: bytes | None = attempt.received.delivery.body
        self._replaced = False

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        headers = [(n, v) for n, v in scope["headers"] if n.lower() not in (b"content-length", b"transfer-encoding")]
        headers.append((b"content-length", b"%d" % len(self._received.delivery.body)))
        try:
            await app({**scope, "headers": headers, _KEY: self._received}, self.receive, self.send)
        finally:
            if self._attempt is not None:  # it raised, or answered nothing
                await self._receiver.release(self._attempt)

    async def receive(self) -> Message:
        body, self._body = self._body, None
        if body is None:
            return await self._receive()
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and self._attempt is not None:
            attempt, self._attempt = self._attempt, None
            try:
                await self._receiver.settle(attempt, message["status"])
            except Answer as answer:
                self._replaced = True
                await _bare(self._send, answer.status)
        if not self._replaced:
            await self._send(message)


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    # As Starlette's own router: servers differ over whether the path includes the prefix under which the application is mounted.
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


async def _body(receiver: AsyncReceiver, request: Request) -> bytes:
    length = request.headers.get("content-length")
    receiver.check_length(length, request.scope["headers"], request.method)
    kept: bytes | None = getattr(request, "_body", None)  # by request.body()
    if kept is None and request._stream_consumed:
        raise BodyConsumedError(_CONSUMED)
    body = bytearray(kept or b"")
    if kept is None:
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > receiver.webhook.max_body:
                    break
        except ClientDisconnect:
            receiver.report.count("disconnected")
            raise Answer(REFUSED) from None
    if not body and content_length(length):
        raise BodyConsumedError(_CONSUMED)
    return bytes(body)


async def _bare(send: Send, status: int) -> None:
    headers: list[Any] = [] if status == 204 else [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
