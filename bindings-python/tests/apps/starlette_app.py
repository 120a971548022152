"""Starlette behind the middleware."""

from __future__ import annotations

import asyncio

from apps import shared
from korewebhook.starlette import BodyConsumedError, KoreWebhookMiddleware, received
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send


async def kore(request: Request) -> Response:
    shared.handle(received(request))
    return Response(status_code=204)


async def own(request: Request) -> Response:
    body = (await request.body()).decode()
    length = request.headers["content-length"]
    json = await request.json() if body.startswith("{") else None
    assert length == str(len(body))
    return JSONResponse({"name": request.path_params["name"], "body": body, "json": json}, status_code=202)


async def slow(request: Request) -> Response:
    shared.handle(received(request))
    while not shared.gate.is_set():
        await asyncio.sleep(0.01)
    return Response(status_code=204)


async def raises(request: Request) -> Response:
    if shared.fail_once(received(request)):
        raise RuntimeError("not this time")
    return Response(status_code=204)


async def answers(request: Request) -> Response:
    return Response(status_code=500 if shared.fail_once(received(request)) else 200)


async def forgotten(request: Request) -> Response:
    shared.handle(received(request))
    return Response(status_code=204)


async def state(request: Request) -> Response:
    return JSONResponse(shared.state())


async def go(request: Request) -> Response:
    shared.gate.set()
    return Response()


class Consume:
    """Reads the body of /consumed/, and says what came of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/consumed/"):
            await self.app(scope, receive, send)
            return
        await Request(scope, receive).body()

        async def nothing() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        try:
            await self.app(scope, nothing, send)
        except BodyConsumedError as error:
            await PlainTextResponse(str(error), status_code=500)(scope, receive, send)


PATHS = ["/kore/", "/own/name", "/slow/", "/raises/", "/answers/", "/consumed/"]

app = Starlette(
    routes=[
        Route("/kore/", kore, methods=shared.METHODS),
        Route("/own/{name}", own, methods=["POST"]),
        Route("/slow/", slow, methods=["POST"]),
        Route("/raises/", raises, methods=["POST"]),
        Route("/answers/", answers, methods=["POST"]),
        Route("/forgotten/", forgotten, methods=["POST"]),
        Route("/state", state),
        Route("/go", go),
    ],
    middleware=[
        Middleware(Consume),
        Middleware(KoreWebhookMiddleware, webhooks=dict.fromkeys(PATHS, shared.webhook), **shared.options()),
    ],
)
