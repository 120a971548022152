"""What all adapters share, where a real server can't easily be brought: stores with trouble, lost leases, threads, cancellation."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from signing import FORM, SECRET, URL, event, headers

from korewebhook import AlreadyCommitted, LostLease, Outcome, ReplayGuard, ReplayKey, Webhook
from korewebhook._receive import Answer, AsyncReceiver, Receiver, content_length
from korewebhook._report import Counters
from korewebhook.testing import FixedClock

BODY = event("e1")


class Store:
    """A guard that raises or answers as told, and keeps what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.threads: set[int] = set()

    def _do(self, name: str) -> Any:
        self.asked.append(name)
        self.threads.add(threading.get_ident())
        answer = self.answers.get(name)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def claim(self, keys: Sequence[ReplayKey], token: str | None, owner: bytes, now: float) -> list[Outcome]:
        assert (len(owner), token, now) == (16, "RQ1", FixedClock().now)
        return self._do("claim") or [Outcome.NEW] * len(keys)

    def commit(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        self._do("commit")

    def release(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        self._do("release")

    def renew(self, keys: Sequence[ReplayKey], owner: bytes, now: float) -> None:
        self._do("renew")


class AsyncStore(Store):
    """The same with coroutines."""

    async def claim(self, *arguments: Any) -> list[Outcome]:  # type: ignore[override]
        await asyncio.sleep(0)
        return Store.claim(self, *arguments)

    async def commit(self, *arguments: Any) -> None:  # type: ignore[override]
        Store.commit(self, *arguments)

    async def release(self, *arguments: Any) -> None:  # type: ignore[override]
        Store.release(self, *arguments)

    async def renew(self, *arguments: Any) -> None:  # type: ignore[override]
        Store.renew(self, *arguments)


class Runner:
    """One delivery through a receiver: status, what was reported, how often it was handled."""

    def __init__(self, guard: Any, kind: str) -> None:
        self.reported: list[tuple[str, int]] = []
        self.handled = 0
        self.counters = Counters()
        self.kind = kind
        options: dict[str, Any] = {
            "on_reject": lambda reason, context: self.reported.append((reason, context["status"])),
            "counters": self.counters,
            "clock": FixedClock(),
        }
        webhook = Webhook(SECRET, URL)
        self.receiver: Any = (Receiver if kind == "sync" else AsyncReceiver)(webhook, guard, **options)

    def __call__(self, body: bytes = BODY, status: int = 204, error: BaseException | None = None) -> int:
        return self._sync(body, status, error) if self.kind == "sync" else asyncio.run(self._async(body, status, error))

    def _handle(self, status: int, error: BaseException | None) -> int:
        self.handled += 1
        if error is not None:
            raise error
        return status

    def _sync(self, body: bytes, status: int, error: BaseException | None) -> int:
        try:
            attempt = self.receiver.receive(body, headers(body), "POST")
            result: int = self.receiver.run(attempt, lambda: self._handle(status, error), lambda status: status)
        except Answer as answer:
            return answer.status
        return result

    async def _async(self, body: bytes, status: int, error: BaseException | None) -> int:
        async def handle() -> int:
            return self._handle(status, error)

        try:
            attempt = await self.receiver.receive(body, headers(body), "POST")
            result: int = await self.receiver.run(attempt, handle, lambda status: status)
        except Answer as answer:
            return answer.status
        return result


MAKERS: list[tuple[str, type[Store]]] = [("sync", Store), ("async", Store), ("async", AsyncStore)]
each_way = pytest.mark.parametrize(("kind", "store"), MAKERS, ids=["sync", "async with threads", "async"])


@each_way
def test_success_commits(kind: str, store: type[Store]) -> None:
    guard = store()
    run = Runner(guard, kind)
    assert run() == 204
    assert (guard.asked, run.handled, run.reported) == (["claim", "commit"], 1, [])


@each_way
@pytest.mark.parametrize("status", [199, 300, 404, 500])
def test_anything_but_2xx_releases(kind: str, store: type[Store], status: int) -> None:
    guard = store()
    run = Runner(guard, kind)
    assert run(status=status) == status
    assert guard.asked == ["claim", "release"]
    assert run.counters.snapshot() == {"accepted": 1, "handler-failed": 1}


@each_way
@pytest.mark.parametrize("error", [RuntimeError("x"), SystemExit(1), KeyboardInterrupt(), asyncio.CancelledError()])
def test_whatever_is_raised_releases(kind: str, store: type[Store], error: BaseException) -> None:
    guard = store()
    with pytest.raises(type(error)):
        Runner(guard, kind)(error=error)
    assert guard.asked == ["claim", "release"]


@each_way
def test_a_store_that_fails_to_claim_gets_503(kind: str, store: type[Store]) -> None:
    guard = store(claim=OSError("disk"))
    run = Runner(guard, kind)
    assert (run(), run.handled, run.reported) == (503, 0, [("store-error", 503)])


@each_way
def test_a_store_that_fails_to_commit_gets_503(kind: str, store: type[Store]) -> None:
    guard = store(commit=OSError("disk"))
    run = Runner(guard, kind)
    assert (run(), run.handled, run.reported) == (503, 1, [("store-error", 503)])


@each_way
@pytest.mark.parametrize("error", [LostLease(), AlreadyCommitted()])
def test_a_lost_lease_is_reported_and_the_answer_stays(kind: str, store: type[Store], error: Any) -> None:
    run = Runner(store(commit=error), kind)
    assert (run(), run.handled, run.reported) == (204, 1, [(error.code, 204)])


@each_way
@pytest.mark.parametrize(("error", "reason"), [(LostLease(), "lost-lease"), (OSError(), "store-error")])
def test_trouble_with_a_release_hides_no_error(kind: str, store: type[Store], error: Exception, reason: str) -> None:
    run = Runner(store(release=error), kind)
    with pytest.raises(ZeroDivisionError):
        run(error=ZeroDivisionError())
    assert run.reported == [(reason, 503)]


N, D, R, C, P, S, E = Outcome
TABLE: list[tuple[list[Outcome], int, list[str]]] = [
    ([N], 204, ["claim", "commit"]),
    ([D], 204, ["claim"]),
    ([R], 204, ["claim", "commit"]),
    ([C], 204, ["claim"]),
    ([P], 503, ["claim"]),
    ([S], 401, ["claim"]),
    ([E], 503, ["claim"]),
    ([N, D, C, S], 204, ["claim", "commit"]),
    ([D, C], 204, ["claim"]),
    ([D, S], 401, ["claim"]),
    ([N, P], 503, ["claim", "release"]),
    ([R, D, E], 503, ["claim", "release"]),
    ([S, P], 503, ["claim"]),
]


@each_way
@pytest.mark.parametrize(("outcomes", "status", "asked"), TABLE)
def test_what_each_outcome_leads_to(
    kind: str, store: type[Store], outcomes: list[Outcome], status: int, asked: list[str]
) -> None:
    guard = store(claim=outcomes)
    run = Runner(guard, kind)
    body = b"[%s]" % b",".join(event(f"e{n}") for n in range(len(outcomes)))
    assert (run(body), guard.asked) == (status, asked)
    assert run.handled == (1 if "commit" in asked else 0)
    assert [reason for reason, _ in run.reported] == [o.value for o in outcomes if not o.claimed]
    assert {answered for _, answered in run.reported} <= {status}


def test_a_synchronous_guard_does_not_stop_the_event_loop() -> None:
    guard = Store()
    assert Runner(guard, "async")() == 204
    assert threading.get_ident() not in guard.threads


def test_a_synchronous_receiver_takes_no_coroutines() -> None:
    with pytest.raises(TypeError, match="synchronous"):
        Receiver(Webhook(SECRET, URL), AsyncStore())


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_guard_of_the_package(kind: str) -> None:
    run = Runner(ReplayGuard(capacity=1), kind)
    assert [run(), run(), run(event("e2"))] == [204, 204, 503]
    assert run.reported == [("duplicate", 204), ("store-error", 503)]


def test_without_ids_the_whole_body_is_one() -> None:
    receiver = Receiver(Webhook(SECRET, URL), ReplayGuard(), clock=FixedClock())
    body = b'[{"a":1},{"b":2}]'
    attempt = receiver.receive(body, headers(body), "POST")
    assert attempt.received.outcomes == (Outcome.NEW,)
    assert [bad.reason for bad in attempt.received.bad_events] == ["id-missing", "id-missing"]
    assert not attempt.received.repeat
    receiver.settle(attempt, 204)
    again = receiver.receive(body, headers(body, token="RQ2"), "POST")
    assert again.received.repeat
    assert len(again.received.bad_events) == 2
    assert receiver.report.counters.snapshot() == {"accepted": 2, "repeat-body": 1}


def test_of_an_array_only_what_is_new_is_handed_on() -> None:
    receiver = Receiver(Webhook(SECRET, URL), ReplayGuard(), clock=FixedClock())
    receiver.settle(receiver.receive(event("b"), headers(event("b")), "POST"), 204)
    body = b"[%s,%s,7,%s,%s]" % (event("a"), event("b"), event("c"), event("a"))
    received = receiver.receive(body, headers(body, token="RQ2"), "POST").received
    assert received.outcomes == ("new", "duplicate", "new", "new", "duplicate")
    assert [(item.index, item.id) for item in received.events] == [(0, "a"), (3, "c")]
    assert [item.index for item in received.bad_events] == [2]
    assert len(received.delivery.events()) == 5


def test_an_empty_array_is_handled() -> None:
    receiver = Receiver(Webhook(SECRET, URL), ReplayGuard(), clock=FixedClock())
    attempt = receiver.receive(b"[]", headers(b"[]"), "POST")
    assert (attempt.received.events, attempt.received.outcomes) == ([], (Outcome.NEW,))


def test_without_a_guard_everything_is_to_be_handled() -> None:
    receiver = Receiver(Webhook(SECRET, URL))
    body = b"[%s,7,%s]" % (event("a"), event("b"))
    for _ in range(2):
        received = receiver.receive(body, headers(body), "POST").received
        assert [item.id for item in received.events] == ["a", "b"]
        assert [item.index for item in received.bad_events] == [1]
        assert (received.outcomes, received.repeat) == ((), False)


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_on_reject_never_changes_an_answer(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    run = Runner(Store(claim=[Outcome.DUPLICATE]), kind)

    def broken(reason: str, context: dict[str, Any]) -> None:
        raise LookupError("broken")

    run.receiver.report._on_reject = broken
    with caplog.at_level(logging.ERROR, "korewebhook"):
        assert run() == 204
    assert caplog.messages == ["on_reject raised for duplicate"]


def test_counters_are_exact_in_threads() -> None:
    counters = Counters()

    def work() -> None:
        for _ in range(1000):
            counters.add("x")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    snapshot = counters.snapshot()
    assert snapshot == {"x": 8000}
    snapshot["x"] = 0
    assert counters.snapshot() == {"x": 8000}


def test_32_threads_handle_each_delivery_once() -> None:
    receiver = Receiver(Webhook(SECRET, URL), ReplayGuard(), clock=FixedClock())
    bodies = [event(f"e{n}") for n in range(40)]
    form = b"SimSid=HS01"
    sent = [(body, headers(body)) for body in bodies] + [(form, headers(form, content_type=FORM))]
    handled: list[str] = []
    statuses: list[int] = []
    start = threading.Barrier(32)

    def work() -> None:
        start.wait()
        for body, head in sent:
            try:
                attempt = receiver.receive(body, head, "POST")
            except Answer as answer:
                statuses.append(answer.status)
            else:
                handled.append(attempt.received.delivery.key)
                receiver.settle(attempt, 204)

    threads = [threading.Thread(target=work) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(handled) == sorted(set(handled))
    assert len(handled) == len(sent) == 41
    assert set(statuses) <= {204, 503}
    assert len(statuses) == 31 * 41


LENGTHS: list[tuple[str | None, int | None]] = [
    (None, None),
    ("", None),
    ("0", 0),
    ("007", 7),
    ("-1", None),
    ("+1", None),
    ("1_0", None),
    (" 1", None),
    ("1,1", None),
    ("٣", None),
    ("²", None),
    ("1e3", None),
]


@pytest.mark.parametrize(("value", "length"), LENGTHS)
def test_a_content_length_is_ascii_digits(value: str | None, length: int | None) -> None:
    assert content_length(value) == length


def test_a_content_length_beyond_all_bounds_is_large() -> None:
    assert (content_length("9" * 5000) or 0) > 1 << 60


def test_the_makers_are_of_both_kinds() -> None:
    calls: list[Callable[..., Any]] = [Store().claim, AsyncStore().claim]
    assert [asyncio.iscoroutinefunction(call) for call in calls] == [False, True]
