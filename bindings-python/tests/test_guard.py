"""The replay guard: the sequences that every language runs, its interface, and threads."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from signing import FORM, JSON, SECRET, signature
from vectors import load

from korewebhook import (
    AlreadyCommitted,
    AsyncGuard,
    Delivery,
    Guard,
    LeaseError,
    LostLease,
    Outcome,
    ReplayGuard,
    ReplayKey,
    Webhook,
)

SEQUENCES = load("replay_sequences")
URL = "https://hooks.example.com/kore/"
EPOCH = 1_000_000.0


def deliver(body: bytes, token: str | None = "RQ1", url: str = URL) -> Delivery:
    """A verified delivery."""
    sent = {"content-type": JSON if body[:1] in b"{[" else FORM, "kore-signature": signature(body, url=url)}
    if token is not None:
        sent["kore-idempotency-token"] = token
    return Webhook(SECRET, url).verify(body, sent)


def owner(number: int) -> bytes:
    return number.to_bytes(16, "big")


def test_no_sequence_is_missing() -> None:
    assert len(SEQUENCES) == 11
    assert sum(len(case["steps"]) for case in SEQUENCES) == 27


@pytest.mark.parametrize("case", SEQUENCES, ids=lambda case: case["name"])
def test_sequence(case: dict[str, Any]) -> None:
    guard = ReplayGuard(lease=case.get("lease", 12), max_age=None)
    claimed: dict[int, list[ReplayKey]] = {}
    for number, step in enumerate(case["steps"]):
        now = EPOCH + step["t"]
        if "op" in step:
            of = step["owner_of_step"]
            with pytest.raises(LeaseError) as raised:
                getattr(guard, step["op"])(claimed[of], owner(of), now)
            assert raised.value.code == step["outcome"]
            continue
        delivery = deliver(bytes.fromhex(step["body"]), step["token"], step.get("url", URL))
        keys = delivery.replay_keys()
        outcomes = guard.claim(keys, delivery.idempotency_token, owner(number), now)
        assert outcomes == [step["outcome"]], (case["name"], number)
        claimed[number] = [key for key, outcome in zip(keys, outcomes, strict=True) if outcome.claimed]
        match step.get("handler"):
            case "ok":
                guard.commit(claimed[number], owner(number), now)
            case "error":
                guard.release(claimed[number], owner(number), now)


def test_outcomes_are_their_names() -> None:
    names = ["new", "duplicate", "repeat-body", "conflict", "in-progress", "stale", "store-error"]
    assert [str(outcome) for outcome in Outcome] == names
    assert [outcome for outcome in Outcome if outcome.claimed] == ["new", "repeat-body"]
    guard = ReplayGuard()
    (outcome,) = guard.claim(deliver(b"a=1").replay_keys(), "RQ1", owner(1), EPOCH)
    assert outcome is Outcome.NEW


def test_lease_errors_carry_their_names() -> None:
    assert (LostLease().code, AlreadyCommitted().code) == ("lost-lease", "already-committed")
    assert (str(LostLease()), str(AlreadyCommitted("x"))) == ("lost-lease", "x")
    assert issubclass(LostLease, LeaseError)
    assert issubclass(AlreadyCommitted, LeaseError)


def test_the_guard_is_a_guard() -> None:
    guard: Guard = ReplayGuard()
    assert isinstance(guard, Guard)
    assert not isinstance(object(), Guard)
    assert not isinstance(object(), AsyncGuard)


def test_renewal_and_its_errors() -> None:
    guard, keys = ReplayGuard(lease=10), deliver(b"a=1").replay_keys()
    assert guard.claim(keys, "RQ1", owner(1), EPOCH) == ["new"]
    guard.renew(keys, owner(1), EPOCH + 9)
    assert guard.claim(keys, "RQ1", owner(2), EPOCH + 18) == ["in-progress"]
    with pytest.raises(LostLease):
        guard.renew(keys, owner(2), EPOCH + 18)
    guard.commit(keys, owner(1), EPOCH + 18)
    for settle in (guard.commit, guard.release, guard.renew):
        with pytest.raises(AlreadyCommitted):
            settle(keys, owner(1), EPOCH + 19)
    assert guard.claim(keys, "RQ1", owner(3), EPOCH + 20) == ["duplicate"]


def test_a_full_guard_refuses_and_forgets_nothing() -> None:
    guard = ReplayGuard(capacity=2)
    for number in (1, 2):
        keys = deliver(b"a=%d" % number).replay_keys()
        assert guard.claim(keys, "RQ1", owner(number), EPOCH) == ["new"]
        guard.commit(keys, owner(number), EPOCH)
    assert guard.claim(deliver(b"a=3").replay_keys(), "RQ1", owner(3), EPOCH) == ["store-error"]
    assert guard.claim(deliver(b"a=1").replay_keys(), "RQ1", owner(3), EPOCH) == ["duplicate"]
    assert (len(guard), guard.capacity) == (2, 2)


def test_the_signed_time_decides_over_staleness() -> None:
    body = b'{"id":"1","source":"s","type":"t","time":"1970-01-12T13:46:40Z"}'  # EPOCH
    keys = deliver(body).replay_keys()
    for after, outcome in ((-3601, "stale"), (-3600, "new"), (86400, "new"), (86401, "stale")):
        assert ReplayGuard().claim(keys, None, owner(1), EPOCH + after) == [outcome]
    assert ReplayGuard(max_age=None).claim(keys, None, owner(1), EPOCH + 10**6) == ["new"]


def test_32_threads_claim_each_key_once() -> None:
    guard = ReplayGuard(capacity=1024)
    forms = [deliver(b"n=%d" % n).replay_keys() for n in range(100)]
    arrays = [deliver(b'[{"id":"%d","source":"s"},{"id":"%d","source":"s"}]' % (n, n + 1)).replay_keys() for n in range(50)]
    deliveries = forms + arrays
    handled: list[str] = []
    start = threading.Barrier(32)

    def work(number: int) -> None:
        start.wait()
        for at in range(len(deliveries)):
            keys = deliveries[(at + number * 7) % len(deliveries)]
            outcomes = guard.claim(keys, "RQ1", owner(number), EPOCH)
            claimed = [key for key, outcome in zip(keys, outcomes, strict=True) if outcome.claimed]
            handled.extend(key.key for key in claimed)
            guard.commit(claimed, owner(number), EPOCH)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(handled) == len(set(handled)) == 100 + 51
    assert len(guard) == 151
