"""AWS Lambda behind API Gateway (payloads 1.0 and 2.0, function URLs) or an Application Load Balancer: a decorator for a handler.

    @kore_webhook(Webhook.from_env())
    def handler(event: dict[str, Any], context: object, received: Received) -> None:
        for item in received.events:
            ...

It takes the raw body out of the event, verifies it, and answers 204 when the handler returns `None`. A refused request gets 401, a body that
is too large 413, a delivery that another attempt holds 503, all without a body. When the handler raises or answers anything but 2xx, what it
had claimed is given back.

`ReplayGuard` knows one process, and Lambda runs many: give it a guard over a store that all share. A REST API has to have `*/*` among its
binary media types, or the gateway alters what is not UTF-8.
"""

from __future__ import annotations

import base64
import functools
import inspect
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ._receive import OK, Answer, BodyConsumedError, Receiver
from ._received import Received
from ._report import Counters, OnReject
from .guard import Guard

if TYPE_CHECKING:
    from ._korewebhook import Webhook

__all__ = ["BodyConsumedError", "Counters", "Received", "kore_webhook"]

Event = dict[str, Any]

_CONSUMED = (
    "the body of this event is no text any more: some middleware has parsed it; put this decorator outermost, or have the middleware leave the "
    "body alone"
)
# Headers of which KORE sends one each, and never with a comma: where payload 2.0 has one, it has joined two.
_SINGLE = frozenset(("kore-signature", "kore-idempotency-token", "content-type", "content-encoding"))
_PHRASES = {204: "No Content", 401: "Unauthorized", 413: "Content Too Large", 503: "Service Unavailable"}


def kore_webhook(
    webhook: Webhook,
    *,
    guard: Guard | None = None,
    on_reject: OnReject | None = None,
    counters: Counters | None = None,
    clock: Callable[[], float] = time.time,
) -> Callable[[Callable[..., Any]], Callable[[Event, Any], Any]]:
    """Decorates a handler, which gets `Received` as its third argument. The event's `body` is then the canonical one, as text.

    Raises `BodyConsumedError` where the body is no text, because something has parsed it before.
    """
    receiver = Receiver(webhook, guard, on_reject=on_reject, counters=counters, clock=clock)

    def decorate(handler: Callable[..., Any]) -> Callable[[Event, Any], Any]:
        if inspect.iscoroutinefunction(handler):
            raise TypeError("Lambda doesn't run coroutines: call asyncio.run in a plain handler")

        @functools.wraps(handler)
        def verified(event: Event, context: Any) -> Any:
            def handle() -> Any:
                answer = handler(canonical, context, attempt.received)
                return _answer(event, OK) if answer is None else answer

            headers, method = list(_headers(event)), _method(event)
            try:
                attempt = receiver.receive(_body(receiver, event, headers, method), headers, method)
                text = attempt.received.delivery.body.decode()
                canonical = {**event, "body": text, "isBase64Encoded": False}
                return receiver.run(attempt, handle, _status)
            except Answer as answer:
                return _answer(event, answer.status)

        return verified

    return decorate


def _method(event: Event) -> str:
    if "httpMethod" in event:
        return str(event["httpMethod"])
    return str(((event.get("requestContext") or {}).get("http") or {}).get("method", ""))


def _headers(event: Event) -> Iterator[tuple[str, str]]:
    multiple = event.get("multiValueHeaders")
    if multiple is not None:  # payload 1.0 repeats the last of each in `headers`
        for name, values in multiple.items():
            for value in values or ():
                yield name, value
        return
    for name, value in (event.get("headers") or {}).items():
        joined = event.get("version") == "2.0" and name.lower() in _SINGLE
        for single in value.split(",") if joined else (value,):
            yield name, single


def _body(receiver: Receiver, event: Event, headers: list[tuple[str, str]], method: str) -> bytes:
    body = event.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise BodyConsumedError(_CONSUMED)
    encoded = event.get("isBase64Encoded") is True
    receiver.check_length(str(len(body) // 4 * 3 - 2 if encoded else len(body)), headers, method)
    try:
        # A lone surrogate gives bytes that are no UTF-8, and is refused as such.
        return base64.b64decode(body, validate=True) if encoded else body.encode("utf-8", "surrogatepass")
    except ValueError:
        raise BodyConsumedError(_CONSUMED) from None


def _status(answer: Any) -> int:
    # Payload 2.0 makes 200 of anything without a status.
    return int(answer["statusCode"]) if isinstance(answer, dict) and "statusCode" in answer else 200


def _answer(event: Event, status: int) -> Event:
    answer: Event = {"statusCode": status, "body": "", "isBase64Encoded": False}
    if "elb" in (event.get("requestContext") or {}):
        answer["statusDescription"] = f"{status} {_PHRASES[status]}"
    answer["multiValueHeaders" if event.get("multiValueHeaders") is not None else "headers"] = {}
    return answer
