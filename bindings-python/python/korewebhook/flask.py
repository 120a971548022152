"""Flask: a decorator for a view.

    @app.post("/kore/")
    @kore_webhook(Webhook.from_env(), guard=ReplayGuard())
    def kore(received: Received) -> None:
        for event in received.events:
            ...

It captures the raw body itself, verifies it, and answers 204 when the view returns `None`. A refused request gets 401, a body that is too
large 413, a delivery that another attempt holds 503, all without a body. When the view raises or answers anything but 2xx, what it had
claimed is given back, so that KORE's retry is handled anew.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Response, make_response, request

from . import _wsgi
from ._receive import OK, Answer, BodyConsumedError, Receiver
from ._received import Received
from ._report import Counters, OnReject
from .guard import Guard

if TYPE_CHECKING:
    from ._korewebhook import Webhook

__all__ = ["BodyConsumedError", "Counters", "Received", "kore_webhook"]


def kore_webhook(
    webhook: Webhook,
    *,
    guard: Guard | None = None,
    on_reject: OnReject | None = None,
    counters: Counters | None = None,
    clock: Callable[[], float] = time.time,
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Decorates a view, which gets `Received` as its first argument, before those of the route.

    From then on `flask.request` reads the canonical body, which is what was signed. At most `webhook.max_body` bytes are read.

    Raises `BodyConsumedError` in a request whose body was parsed or read before, unless `request.get_data()` has kept it.
    """
    receiver = Receiver(webhook, guard, on_reject=on_reject, counters=counters, clock=clock)

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(view)
        def verified(*args: Any, **kwargs: Any) -> Response:
            def handle() -> Response:
                answer = view(attempt.received, *args, **kwargs)
                response = Response(status=OK) if answer is None else make_response(answer)
                if response.is_streamed:
                    raise TypeError("the view streams its answer, and would go on after the delivery is acknowledged")
                return response

            try:
                attempt = receiver.receive(_body(receiver), request.environ, request.method)
                _put_back(attempt.received.delivery.body)
                return receiver.run(attempt, handle, lambda response: response.status_code)
            except Answer as answer:
                return _bare(answer.status)

        return verified

    return decorate


def _body(receiver: Receiver) -> bytes:
    environ = request.environ
    receiver.check_length(environ.get("CONTENT_LENGTH"), environ, request.method)
    kept = vars(request).get("_cached_data")  # by request.get_data()
    if kept is None and ("form" in vars(request) or "stream" in vars(request)):
        raise BodyConsumedError(_wsgi.CONSUMED)
    body: bytes = kept if kept is not None else _wsgi.read(environ, receiver.webhook.max_body + 1)
    if not body and vars(request).get("form"):
        raise BodyConsumedError(_wsgi.CONSUMED)
    return body


def _put_back(body: bytes) -> None:
    _wsgi.replace(request.environ, body)
    for name in ("stream", "form", "files", "values", "_cached_data", "_cached_json", "content_length"):
        vars(request).pop(name, None)


def _bare(status: int) -> Response:
    response = Response(status=status)
    response.headers.pop("content-type", None)  # nothing but the status
    return response
