"""Headers in every shape are read as plain Python reads them, and what is worked out late says the same as at once."""

from __future__ import annotations

import gc
import re
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import model
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from korewebhook import Delivery, VerificationError, Webhook
from signing import FORM, SECRET, URL, headers, signature
from vectors import reason

BODY = b"SimSid=HS1&SimStatus=active"
CONFIG = model.Settings((SECRET.encode(),), URL.encode())
WEBHOOK = Webhook(SECRET, URL)

Pairs = list[tuple[str, str]]
Reading = tuple[str, str | None, datetime | None]


class Text(str):
    """A `str` with a name of its own for everything."""

    __slots__ = ("__weakref__", "other")

    def __hash__(self) -> int:
        raise AssertionError("nobody asks for it")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("nobody asks for it")


class Values(list[Any]):
    """Several values of one header, which change what they are in when they are read."""

    def __init__(self, values: list[Any], target: dict[Any, Any]) -> None:
        super().__init__(values)
        self._target = target

    def __iter__(self) -> Iterator[Any]:
        self._target.clear()
        self._target.update({f"x-{n}": "x" for n in range(50)})
        return super().__iter__()


# --- the plain reading ----------------------------------------------------------------------------------------------


def token(values: list[bytes]) -> str | None:
    if len(values) != 1 or not re.fullmatch(rb"[A-Za-z0-9_.-]{1,128}", values[0]):
        return None
    return values[0].decode()


def date(values: list[bytes]) -> datetime | None:
    form = rb"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z"
    match = re.fullmatch(form, values[0]) if len(values) == 1 else None
    try:
        at = datetime(*map(int, match.groups()), tzinfo=UTC) if match else None  # type: ignore[arg-type, misc]
    except ValueError:
        return None
    return at if at and at.year >= 1970 else None


def plainly(pairs: Pairs) -> Reading:
    encoded = [(name.encode("utf-8", "surrogatepass"), value.encode("utf-8", "surrogatepass")) for name, value in pairs]
    verdict = model.verify(CONFIG, b"POST", encoded, BODY)
    if verdict.reason != "ok":
        return verdict.reason, None, None
    field = lambda name: model.field(encoded, name)
    return "ok", token(field(b"kore-idempotency-token")), date(field(b"date"))


def by_us(shape: Any) -> Reading:
    try:
        delivery = WEBHOOK.verify(BODY, shape)
    except VerificationError as error:
        return error.code, None, None
    # Twice, since it is worked out when it is asked for.
    first, again = ((delivery.idempotency_token, delivery.date) for _ in range(2))
    assert first == again
    return "ok", *first


# --- shapes, and which pairs are in them ----------------------------------------------------------------------------


def last(pairs: Pairs) -> Pairs:
    return list(dict(pairs).items())


def lists(pairs: Pairs) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def latin(pairs: Pairs) -> list[tuple[bytes, bytes]]:
    code = lambda text: text.encode("utf-8", "surrogatepass")
    return [(code(name), code(value)) for name, value in pairs]


def changing(pairs: Pairs) -> dict[Any, Any]:
    target: dict[Any, Any] = {}
    target.update((name, Values([value], target)) for name, value in pairs)
    return target


class Items:
    """Something with `items`."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs

    def items(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)


same: Callable[[Pairs], Pairs] = list
SHAPES: dict[str, tuple[Callable[[Pairs], Any], Callable[[Pairs], Pairs]]] = {
    "dict": (dict, last),
    "dict of bytes": (lambda pairs: dict(latin(pairs)), last),
    "dict of lists": (lists, same),
    "dict of tuples": (lambda pairs: {name: tuple(values) for name, values in lists(pairs).items()}, same),
    "dict that changes": (changing, last),
    "dict of a subclass of str": (lambda pairs: {name: Text(value) for name, value in pairs}, last),
    "read-only dict": (lambda pairs: MappingProxyType(dict(pairs)), last),
    "items": (Items, same),
    "list": (list, same),
    "list of lists": (lambda pairs: [list(pair) for pair in pairs], same),
    "list of bytes": (latin, same),
    "names of a subclass of str": (lambda pairs: [(Text(name), value) for name, value in pairs], same),
    "tuple": (tuple, same),
    "generator": (iter, same),
}

NAMES = ["kore-signature", "content-type", "content-encoding", "kore-idempotency-token", "date"]
OTHERS = ["", "user-agent", "x-a", "kore_signature", "\u212aore-signature", "dat\u0435", "date ", "\ud800", "wsgi-in"]
VALUES = {
    "kore-signature": [signature(BODY)] * 4 + ["", "0" * 64, signature(BODY).upper()],
    "content-type": [FORM] * 4
    + ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded;", "text/plain", ""],
    "content-encoding": ["identity"] * 4 + ["Identity", "gzip", ""],
    "kore-idempotency-token": ["RQ1", "a.b-c_d", "x" * 128, "x" * 129, "", "a b", "caf\u00e9", "\ud800"],
    "date": ["2024-07-03T14:40:58Z", "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z", "1969-12-31T23:59:59Z"]
    + ["2024-07-03T14:40:58z", "2024-7-3T14:40:58Z", "\uff12024-07-03T14:40:58Z", "", "2024-07-03T14:40:60Z"],
}
SPELLINGS: list[Callable[[str], str]] = [str, str, str.title, str.upper, lambda name: name[0].upper() + name[1:]]


@st.composite
def requests(draw: Any) -> Pairs:
    """Mostly one signature and one content type, and any number of the rest."""
    often = st.sampled_from([1] * 12 + [0, 2])
    seldom = st.sampled_from([1, 1, 0, 0, 0, 2])
    found: Pairs = []
    for name in NAMES:
        for _ in range(draw(often if name in NAMES[:2] else seldom)):
            found.append((draw(st.sampled_from(SPELLINGS))(name), draw(st.sampled_from(VALUES[name]))))
    found += [(name, "x") for name in draw(st.lists(st.sampled_from(OTHERS), max_size=4))]
    return draw(st.permutations(found))  # type: ignore[no-any-return]


def test_every_shape_is_read_plainly() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=1500)
    @given(requests())
    def run(pairs: Pairs) -> None:
        for name, (make, hold) in SHAPES.items():
            expected = plainly(hold(pairs))
            assert by_us(make(pairs)) == expected, name
            seen[expected[0]] += 1
            seen["token"] += expected[1] is not None
            seen["date"] += expected[2] is not None

    run()
    reasons = {"ok", "signature-missing", "signature-duplicate", "signature-empty", "signature-format"}
    reasons |= {"signature-mismatch", "content-type", "content-encoding"}
    assert set(seen) == reasons | {"token", "date"}
    assert min(seen.values()) > 100, seen


def test_an_environ_is_read_plainly() -> None:
    seen: Counter[str] = Counter()
    kept = {"CONTENT_TYPE": "content-type", "CONTENT_LENGTH": "content-length"}

    @settings(max_examples=1500)
    @given(requests(), st.integers(0, 8), st.booleans())
    def run(pairs: Pairs, at: int, odd: bool) -> None:
        keys = [(name.upper().replace("-", "_"), value) for name, value in pairs if name.isascii()]
        keys = [(key if key in kept else f"HTTP_{key}", value) for key, value in keys]
        keys.insert(min(at, len(keys)), ("wsgi.input", "x"))
        environ: dict[Any, Any] = dict(keys)
        # An empty content type is none (PEP 3333), and only variables are headers.
        variables = [(key, value) for key, value in environ.items() if key != "wsgi.input"]
        held = [(kept.get(key, key[5:].replace("_", "-")), value) for key, value in variables]
        held = [(name, value) for name, value in held if (name, value) != ("content-type", "")]
        if odd:
            environ |= {5: "x", ("a", "b"): "x", "wsgi.version": (1, 0), "HTTP_CONTENT_TYPE": "text/plain", b"x": "x"}
        expected = plainly(held)
        assert by_us(environ) == expected
        seen[expected[0]] += 1

    run()
    assert {"ok", "signature-missing", "signature-format", "content-type", "content-encoding"} <= set(seen)


def test_only_text_is_the_key_of_an_environ() -> None:
    sent = {"CONTENT_TYPE": FORM, "HTTP_KORE_SIGNATURE": signature(BODY)}
    assert reason(lambda: WEBHOOK.verify(BODY, sent | {"wsgi.input": None})) == "ok"
    assert reason(lambda: WEBHOOK.verify(BODY, sent | {b"wsgi.input": None})) == "signature-missing"
    assert reason(lambda: WEBHOOK.verify(BODY, {**headers(BODY, content_type=FORM), b"wsgi.input": None})) == "ok"
    # What is no variable may be anything, wherever it stands.
    for odd in ({"date": 5}, {"Date": ["x", 5]}, {"kore-signature": "x"}, {"\ud800": 5}, {5: 6}):
        assert reason(lambda: WEBHOOK.verify(BODY, odd | sent | {"wsgi.input": None})) == "ok"
        assert reason(lambda: WEBHOOK.verify(BODY, {"wsgi.input": None} | sent | odd)) == "ok"
    for odd in ({"HTTP_DATE": 5}, {"HTTP_DATE": ["x", 5]}):
        with pytest.raises(TypeError):
            WEBHOOK.verify(BODY, odd | sent | {"wsgi.input": None})
    for value, said in (("", "content-type"), ("\ud800", "content-type"), ("caf\u00e9", "content-type"), (FORM, "ok")):
        assert reason(lambda: WEBHOOK.verify(BODY, {"wsgi.input": None} | sent | {"CONTENT_TYPE": value})) == said


@pytest.mark.parametrize("wrong", [None, 5, 1.5, object(), {}, bytearray(b"x")])
def test_a_value_of_a_wrong_type(wrong: Any) -> None:
    sent: dict[Any, Any] = dict(headers(BODY, content_type=FORM))
    for name in ("Date", "date"):
        for shape in (sent | {name: wrong}, list((sent | {name: wrong}).items()), sent | {name: ["x", wrong]}):
            with pytest.raises(TypeError, match="a header value must be str or bytes"):
                WEBHOOK.verify(BODY, shape)
    # Of a header that is not asked for, nothing is.
    assert reason(lambda: WEBHOOK.verify(BODY, sent | {"x-date": wrong})) == "ok"


# --- what is worked out late ----------------------------------------------------------------------------------------


def deliver(**changed: Any) -> Delivery:
    sent = {**headers(BODY, content_type=FORM), **{name.replace("_", "-"): value for name, value in changed.items()}}
    delivery = WEBHOOK.verify(BODY, sent)
    for name in sent:
        sent[name] = "changed since"
    return delivery


@pytest.mark.parametrize("kind", [str, str.encode, Text])
def test_what_the_headers_said_then(kind: Any) -> None:
    delivery = deliver(Kore_Idempotency_Token=kind("RQ7"), Date=kind("2024-02-29T00:00:00Z"))
    assert (delivery.idempotency_token, type(delivery.idempotency_token)) == ("RQ7", str)
    assert delivery.date == datetime(2024, 2, 29, tzinfo=UTC)


def test_a_delivery_keeps_nothing_of_the_callers_alive() -> None:
    value = Text("RQ7")
    delivery = deliver(Kore_Idempotency_Token=value)
    value.other = delivery  # a cycle, had the delivery kept it
    kept = weakref.ref(value)
    del value
    gc.collect()
    assert kept() is None
    assert delivery.idempotency_token == "RQ7"


def test_16_threads_ask_one_delivery() -> None:
    expected = {
        ("RQ1", datetime(2024, 7, 3, 14, 40, 58, tzinfo=UTC), key := model.delivery_key(URL.encode(), BODY)),
    }
    for _ in range(20):
        delivery = deliver()
        start = threading.Barrier(16)
        said: list[Any] = []

        def work() -> None:
            start.wait(30)
            said.append((delivery.idempotency_token, delivery.date, delivery.key))
            assert repr(delivery) == f"<korewebhook.Delivery form bytes={len(BODY)} key={key}>"

        threads = [threading.Thread(target=work) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(said) == 16 and set(said) == expected
