"""The ASGI adapters where a server can't be made to do it: a store that fails late, other kinds of connection, prefixes, disconnects."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from fastapi import Depends, FastAPI
from signing import SECRET, URL, event, headers
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from korewebhook import LostLease, Outcome, ReplayKey, Webhook
from korewebhook.starlette import Counters, KoreWebhook, KoreWebhookMiddleware, Received, received
from korewebhook.testing import FixedClock

Message = dict[str, Any]
BODY = event("asgi")
WEBHOOK = Webhook(SECRET, URL, max_body=2000)


class Failing:
    """An asynchronous guard that fails to commit."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.asked: list[str] = []

    async def claim(self, keys: Sequence[ReplayKey], token: str | None, owner: bytes, now: float) -> list[Outcome]:
        self.asked.append("claim")
        return [Outcome.NEW] * len(keys)

    async def commit(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        self.asked.append("commit")
        raise self.error

    async def release(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        self.asked.append("release")

    async def renew(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        self.asked.append("renew")


def ask(app: Callable[..., Awaitable[None]], messages: list[Message] | None = None, **scope: Any) -> tuple[int, bytes]:
    """Status and body that an ASGI application answers."""
    sent = [(name.lower().encode(), value.encode()) for name, value in headers(BODY).items()]
    incoming = messages or [{"type": "http.request", "body": BODY, "more_body": False}]
    outgoing: list[Message] = []

    async def receive() -> Message:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        outgoing.append(message)

    base = {"type": "http", "method": "POST", "path": "/kore/", "root_path": "", "query_string": b"", "headers": sent}
    asyncio.run(app({**base, **scope}, receive, send))  # type: ignore[arg-type]
    starts = [message for message in outgoing if message["type"] == "http.response.start"]
    assert len(starts) == 1
    return starts[0]["status"], b"".join(message.get("body", b"") for message in outgoing)


def behind(app: Any, **options: Any) -> KoreWebhookMiddleware:
    return KoreWebhookMiddleware(app, webhooks={"/kore/": WEBHOOK}, clock=FixedClock(), **options)


async def route(request: Request) -> PlainTextResponse:
    return PlainTextResponse(received(request).delivery.key)


APP = Starlette(routes=[Route("/kore/", route, methods=["POST"])])


def fastapi(guard: Any, counters: Counters) -> FastAPI:
    app = FastAPI()
    kore = KoreWebhook(WEBHOOK, guard=guard, counters=counters, clock=FixedClock())

    @app.post("/kore/", status_code=204)
    async def handle(received: Received = Depends(kore, scope="function")) -> None: ...

    return app


@pytest.mark.parametrize("dependency", [False, True])
def test_a_commit_that_fails_turns_the_answer_into_503(dependency: bool) -> None:
    guard, counters = Failing(OSError("disk")), Counters()
    app = fastapi(guard, counters) if dependency else behind(APP, guard=guard, counters=counters)
    status, body = ask(app)
    assert status == 503
    assert len(body) < 40
    assert guard.asked == ["claim", "commit"]
    assert counters.snapshot() == {"accepted": 1, "store-error": 1}


@pytest.mark.parametrize("dependency", [False, True])
def test_a_lost_lease_leaves_the_answer(dependency: bool) -> None:
    guard, counters = Failing(LostLease()), Counters()
    app = fastapi(guard, counters) if dependency else behind(APP, guard=guard, counters=counters)
    assert ask(app)[0] == (204 if dependency else 200)
    assert counters.snapshot() == {"accepted": 1, "lost-lease": 1}


def test_an_application_that_answers_nothing_releases() -> None:
    async def silent(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    guard = Failing(OSError())
    with pytest.raises(AssertionError):
        ask(behind(silent, guard=guard))
    assert guard.asked == ["claim", "release"]


def test_a_body_in_many_pieces() -> None:
    pieces: list[Message] = [{"type": "http.request", "body": bytes([byte]), "more_body": True} for byte in BODY]
    assert ask(behind(APP), [*pieces, {"type": "http.request"}])[0] == 200


def test_no_more_is_read_than_the_bound() -> None:
    pieces: list[Message] = [{"type": "http.request", "body": b" " * 500, "more_body": True} for _ in range(100)]
    assert ask(behind(APP), pieces) == (413, b"")
    assert len(pieces) == 95


@pytest.mark.parametrize("dependency", [False, True])
def test_a_client_that_goes_away(dependency: bool) -> None:
    counters = Counters()
    app = fastapi(None, counters) if dependency else behind(APP, counters=counters)
    status, _ = ask(app, [{"type": "http.request", "body": BODY[:5], "more_body": True}, {"type": "http.disconnect"}])
    assert (status, counters.snapshot()) == (401, {"disconnected": 1})


@pytest.mark.parametrize(
    ("path", "root_path", "status"),
    [
        ("/kore/", "", 200),
        ("/api/kore/", "/api", 200),
        ("/kore/", "/api", 200),
        ("/kore/", "/", 200),
        ("/kore", "", 307),  # the router's redirect to the path that is verified
        ("/KORE/", "", 404),
        ("//kore/", "", 404),
        ("/apikore/", "/api", 404),
    ],
)
def test_paths_are_those_of_the_router(path: str, root_path: str, status: int) -> None:
    host = (b"host", b"hooks.example.com")
    sent = [(name.lower().encode(), value.encode()) for name, value in headers(BODY).items()]
    assert ask(behind(APP), path=path, root_path=root_path, headers=[host, *sent])[0] == status


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_other_connections_pass(kind: str) -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    asyncio.run(behind(app)({"type": kind, "path": "/kore/"}, _never, _never))
    assert seen == [kind]


async def _never(*arguments: Any) -> Any:
    raise AssertionError


def test_headers_that_occur_twice_are_seen() -> None:
    sent = [(name.lower().encode(), value.encode()) for name, value in headers(BODY).items()]
    counters = Counters()
    twice = [*sent, (b"kore-signature", b"0" * 64)]
    assert ask(behind(APP, counters=counters), headers=twice)[0] == 401
    assert counters.snapshot() == {"signature-duplicate": 1}


def test_the_application_gets_the_canonical_body_and_its_length() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        request = Request(scope, receive)
        seen.extend([await request.body(), request.headers.getlist("content-length"), await receive()])
        await PlainTextResponse("")(scope, receive, send)

    wire = BODY.replace(b",", b" , ")
    sent = [(name.lower().encode(), value.encode()) for name, value in headers(BODY).items()]
    sent += [(b"Content-Length", str(len(wire)).encode())]
    ask(behind(app), [{"type": "http.request", "body": wire}], headers=sent)
    assert seen == [BODY, [str(len(BODY))], {"type": "http.disconnect"}]
