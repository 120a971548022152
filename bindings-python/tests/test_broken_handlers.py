"""What must never end as an acknowledged and lost event: handlers that don't run, guards that break off, requests that are cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import anyio
import flask
import pytest
from django.conf import settings
from django.http import StreamingHttpResponse
from signing import JSON, SECRET, URL, event, headers

from korewebhook import Outcome, ReplayGuard, ReplayKey, VerificationError, Webhook
from korewebhook._receive import Answer, AsyncReceiver, Receiver
from korewebhook.aws import kore_webhook as aws_webhook
from korewebhook.django import _response
from korewebhook.flask import BodyConsumedError
from korewebhook.flask import kore_webhook as flask_webhook
from korewebhook.starlette import _shield

BODY = event("e1")
WEBHOOK = Webhook(SECRET, URL)


def claimable(guard: ReplayGuard) -> bool:
    """Whether the next attempt would be new."""
    keys = WEBHOOK.verify(BODY, headers(BODY)).replay_keys()
    return guard.claim(keys, "RQ1", b"x" * 16, 0) == [Outcome.NEW]


def test_a_coroutine_is_no_lambda_handler() -> None:
    async def handler(event: Any, context: Any, received: Any) -> None:
        raise AssertionError("never run")

    with pytest.raises(TypeError, match="coroutines"):
        aws_webhook(WEBHOOK)(handler)


def test_a_lambda_event_without_its_context() -> None:
    seen = []

    @aws_webhook(WEBHOOK)
    def handler(event: Any, context: Any, received: Any) -> None:
        seen.append(received.delivery.body)

    request = {"httpMethod": "POST", "headers": headers(BODY), "body": BODY.decode(), "requestContext": None}
    assert handler(request, None)["statusCode"] == 204
    assert seen == [BODY]


def flask_app(guard: ReplayGuard, view: Any, before: Any = None) -> Any:
    app = flask.Flask(__name__)
    app.testing = True
    if before is not None:
        app.before_request(before)
    app.post("/kore/")(flask_webhook(WEBHOOK, guard=guard, clock=lambda: 0)(view))
    return app.test_client()


def test_a_view_that_streams_has_not_handled_it() -> None:
    guard = ReplayGuard()

    def view(received: Any) -> Iterator[str]:
        yield "late"

    with pytest.raises(TypeError, match="streams"):
        flask_app(guard, view).post("/kore/", data=BODY, headers=headers(BODY), content_type=JSON)
    assert claimable(guard)


def test_a_django_view_that_streams_has_not_handled_it() -> None:
    if not settings.configured:
        settings.configure()
    with pytest.raises(TypeError, match="streams"):
        _response(StreamingHttpResponse([b"late"]))


def test_a_capacity_beyond_reason_is_refused_before_any_memory_is_taken() -> None:
    for capacity in (0, 2**24 + 1, 2**28, 2**64):
        with pytest.raises(VerificationError, match="invalid-argument"):
            ReplayGuard(capacity=capacity)


@pytest.mark.parametrize("peek", [lambda: (flask.request.stream.read(4), None)[1], lambda: (flask.request.form, None)[1]])
def test_a_body_that_was_touched_as_a_stream(peek: Any) -> None:
    guard = ReplayGuard()
    with pytest.raises(BodyConsumedError):
        flask_app(guard, lambda received: None, peek).post(
            "/kore/", data=BODY, headers=headers(BODY), content_type=JSON
        )


class Slow:
    """An asynchronous guard that takes its time over everything."""

    def __init__(self, said: Sequence[Any] = (Outcome.NEW,)) -> None:
        self.done: list[str] = []
        self.said = said

    async def _do(self, name: str) -> None:
        await asyncio.sleep(0.01)
        self.done.append(name)

    async def claim(self, keys: Sequence[ReplayKey], token: str | None, owner: bytes, now: float) -> Any:
        await self._do("claim")
        return self.said

    # Plain functions around coroutines, as a decorator leaves them.
    def commit(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> Any:
        return self._do("commit")

    def release(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> Any:
        return self._do("release")

    def renew(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> Any:
        return self._do("renew")


async def _handle(receiver: AsyncReceiver, handler: Any) -> None:
    attempt = await receiver.receive(BODY, headers(BODY), "POST")
    await receiver.run(attempt, handler, lambda _: 204)


async def _sleep() -> None:
    await asyncio.sleep(60)


async def _nothing() -> None:
    pass


def test_a_commit_behind_a_plain_function_is_awaited() -> None:
    guard = Slow()
    asyncio.run(_handle(AsyncReceiver(WEBHOOK, guard), _nothing))
    assert guard.done == ["claim", "commit"]


@pytest.mark.parametrize("shield", [None, _shield])
def test_a_cancelled_request_gives_its_claim_back(shield: Any) -> None:
    async def run() -> list[str]:
        guard = Slow()
        receiver = AsyncReceiver(WEBHOOK, guard, **({"shield": shield} if shield else {}))
        # A scope of anyio cancels again at every await, as Starlette's do.
        with anyio.move_on_after(0.1):
            await _handle(receiver, _sleep)
        await asyncio.sleep(0.1)
        return guard.done

    assert asyncio.run(run()) == ["claim", "release"]


def test_a_claim_that_is_cancelled_is_given_back() -> None:
    async def run() -> list[str]:
        guard = Slow()
        with anyio.move_on_after(0.001):
            await _handle(AsyncReceiver(WEBHOOK, guard, shield=_shield), _nothing)
        return guard.done

    assert asyncio.run(run()) == ["release"]


@pytest.mark.parametrize("said", [[], [Outcome.NEW] * 2, ["new", "new"], ["unknown"], [None]])
def test_a_guard_that_breaks_its_contract_is_store_trouble(said: Any) -> None:
    async def run() -> tuple[int, list[str]]:
        guard = Slow(said)
        with pytest.raises(Answer) as answer:
            await AsyncReceiver(WEBHOOK, guard).receive(BODY, headers(BODY), "POST")
        return answer.value.status, guard.done

    assert asyncio.run(run()) == (503, ["claim", "release"])


def test_outcomes_may_be_plain_text() -> None:
    guard = Slow(["new"])
    asyncio.run(_handle(AsyncReceiver(WEBHOOK, guard), _nothing))
    assert guard.done == ["claim", "commit"]


def test_a_synchronous_view_wants_a_synchronous_guard() -> None:
    with pytest.raises(TypeError):
        Receiver(WEBHOOK, Slow())


def test_odd_times_are_invalid_arguments() -> None:
    keys = WEBHOOK.verify(BODY, headers(BODY)).replay_keys()
    for odd in (Decimal("sNaN"), Decimal("NaN"), Fraction(10**400), Fraction(-1), float("nan"), -1):
        with pytest.raises(VerificationError, match="invalid-argument"):
            ReplayGuard().claim(keys, None, b"x" * 16, odd)  # type: ignore[arg-type]


def test_a_value_that_changes_the_dictionary() -> None:
    source: dict[str, Any] = {}

    class Growing(list[str]):
        def __iter__(self) -> Iterator[str]:
            source["another"] = "value"
            return super().__iter__()

    source["kore-signature"] = Growing(["0" * 64])
    with pytest.raises(VerificationError, match="content-type|signature"):
        WEBHOOK.verify(BODY, source)
