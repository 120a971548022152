"""Django: a decorator for a view, synchronous or asynchronous.

    @kore_webhook(Webhook.from_env(), guard=ReplayGuard())
    def kore(request: HttpRequest, received: Received) -> None:
        for event in received.events:
            ...

It captures the raw body itself, verifies it, and answers 204 when the view returns `None`. A refused request gets 401, a body that is too
large 413, a delivery that another attempt holds 503, all without a body. When the view raises or answers anything but 2xx, what it had
claimed is given back, so that KORE's retry is handled anew. The view is exempt from CSRF protection: the signature takes its place.

Under ASGI Django itself reads a body to its end, into a file if it is large, before any view runs: bound it in the server in front too.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from . import _wsgi
from ._receive import OK, Answer, AsyncReceiver, BodyConsumedError, Receiver
from ._received import Received
from ._report import Counters, OnReject
from .guard import AsyncGuard, Guard

if TYPE_CHECKING:
    from ._korewebhook import Webhook

__all__ = ["BodyConsumedError", "Counters", "Received", "kore_webhook"]


def kore_webhook(
    webhook: Webhook,
    *,
    guard: Guard | AsyncGuard | None = None,
    on_reject: OnReject | None = None,
    counters: Counters | None = None,
    clock: Callable[[], float] = time.time,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a view, which gets `Received` as its second argument, before those of the route.

    From then on the request's `body` and `POST` are those of the canonical body, which is what was signed. At most `webhook.max_body` bytes are
    read. A synchronous view needs a synchronous guard.

    Raises `BodyConsumedError` in a request that was read before as a stream; `request.body` and `request.POST` do no harm.
    """
    options: dict[str, Any] = {"on_reject": on_reject, "counters": counters, "clock": clock}

    def decorate(view: Callable[..., Any]) -> Any:
        verified: Any
        if inspect.iscoroutinefunction(view):
            verified = _async(view, AsyncReceiver(webhook, guard, **options))
        else:
            verified = _sync(view)
        verified.csrf_exempt = True  # what Django's own decorator sets
        return verified

    def _sync(view: Callable[..., Any]) -> Callable[..., HttpResponseBase]:
        receiver = Receiver(webhook, guard, **options)  # which refuses an AsyncGuard

        @functools.wraps(view)
        def verified(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            def handle() -> HttpResponseBase:
                return _response(view(request, attempt.received, *args, **kwargs))

            try:
                attempt = receiver.receive(_body(receiver, request), _headers(request), request.method or "")
                _put_back(request, attempt.received.delivery.body)
                return receiver.run(attempt, handle, lambda response: response.status_code)
            except Answer as answer:
                return _bare(answer.status)

        return verified

    return decorate


def _async(view: Callable[..., Awaitable[Any]], receiver: AsyncReceiver) -> Callable[..., Awaitable[HttpResponseBase]]:
    @functools.wraps(view)
    async def verified(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        async def handle() -> HttpResponseBase:
            return _response(await view(request, attempt.received, *args, **kwargs))

        try:
            attempt = await receiver.receive(_body(receiver, request), _headers(request), request.method or "")
            _put_back(request, attempt.received.delivery.body)
            return await receiver.run(attempt, handle, lambda response: response.status_code)
        except Answer as answer:
            return _bare(answer.status)

    return verified


def _headers(request: HttpRequest) -> Any:
    scope = getattr(request, "scope", None)  # ASGI: as they came, while META joins those that occur twice
    return request.META if scope is None else scope["headers"]


def _body(receiver: Receiver | AsyncReceiver, request: HttpRequest) -> bytes:
    limit = receiver.webhook.max_body
    receiver.check_length(request.META.get("CONTENT_LENGTH"), _headers(request), request.method or "")
    if "_body" in vars(request):  # by request.body or request.POST
        return request.body
    if getattr(request, "_read_started", False):
        raise BodyConsumedError(_wsgi.CONSUMED)
    if "wsgi.input" in request.META:
        # Not through Django, which takes a chunked body for an empty one.
        return _wsgi.read(request.META, limit + 1)
    return request.read(limit + 1)


def _put_back(request: HttpRequest, body: bytes) -> None:
    if "wsgi.input" in request.META:
        _wsgi.replace(request.META, body)
    request.META["CONTENT_LENGTH"] = str(len(body))
    vars(request).update(_body=body, _stream=BytesIO(body))


def _response(answer: Any) -> HttpResponseBase:
    if answer is None:
        return _bare(OK)
    if not isinstance(answer, HttpResponseBase):
        raise TypeError(f"the view returned {type(answer).__name__}, and not None or an HttpResponse")
    if answer.streaming:
        raise TypeError("the view streams its answer, and would go on after the delivery is acknowledged")
    return answer


def _bare(status: int) -> HttpResponse:
    response = HttpResponse(status=status)
    del response.headers["Content-Type"]  # nothing but the status
    if status != OK:
        response.headers["Content-Length"] = "0"  # Django's own server closes only after the rest of the body
    return response
