"""Hostile values of every argument: nothing but `VerificationError`, and `TypeError` for a wrong type."""

from __future__ import annotations

import array
import ctypes
import io
import math
import mmap
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import korewebhook
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from korewebhook import Delivery, ReplayGuard, StandardWebhook, VerificationError, Webhook
from vectors import reason, refusal

URL = "https://h.example/kore/"
WEBHOOK = Webhook("a35974bdf1c769b8bb", URL)
BODY = b'{"a": [1, "\xc3\xa9"]}'
HEADERS = WEBHOOK.headers(BODY, content_type="application/json", token="RQ1", date="2024-07-03T14:40:58Z")
STANDARD = StandardWebhook("whsec_" + "QUJD" * 8)
SIGNED = {"webhook-id": "msg_1", "webhook-timestamp": "1614265330"}
SIGNED["webhook-signature"] = STANDARD.sign("msg_1", 1614265330, b"{}")

TEXTS: list[str | bytes] = [
    "",
    " ",
    "\0",
    "\ud800",
    "a\udcffb",
    "\U0010ffff",
    "\u212aore-signature",
    "K\u014dRE",
    "\ufeff",
    "\u202e",
    "x" * 100_000,
    "\ud800" * 100_000,
    "%s%n{0}{self}",
    "../../etc/passwd",
    "'; DROP TABLE inbox; --",
    "1e400",
    "\uff11",
    "line\r\nkore-signature: 0",
    b"",
    b"\xff\xfe",
    b"\0" * 64,
    b"\x80" * 100_000,
]
NUMBERS: list[Any] = [0, -1, 1, 2**31, 2**52, 2**52 + 1, 2**63, 2**64, -(2**64), 10**5000, True, False]
FLOATS: list[Any] = [math.nan, math.inf, -math.inf, -0.0, 1e308, 5e-324, -1.5, Decimal("1e30"), Fraction(1, 3)]
WRONG: list[Any] = [None, 1.5, object(), type, lambda: None, {1, 2}, [1], {1: 2}, Ellipsis, 1j]


class Broken(Exception):
    """What an object of the caller's raises; it may come through."""


class Raises:
    """Raises wherever it is touched."""

    def __iter__(self) -> Iterator[Any]:
        raise Broken

    def __len__(self) -> int:
        raise Broken

    def __getitem__(self, at: Any) -> Any:
        raise Broken

    def __index__(self) -> int:
        raise Broken

    def __float__(self) -> float:
        raise Broken

    def __str__(self) -> str:
        raise Broken

    def __repr__(self) -> str:
        raise Broken

    def __bool__(self) -> bool:
        raise Broken

    def __eq__(self, other: object) -> bool:
        raise Broken

    def __hash__(self) -> int:
        return 1

    def items(self) -> Any:
        raise Broken


class RaisesOnAccess:
    """Even its attributes can't be looked up."""

    def __getattribute__(self, name: str) -> Any:
        raise Broken


def value_of(call: Callable[[], object]) -> None:
    """A hostile value of the right type: accepted or refused, and no `TypeError`."""
    refusal(call)


def anything(call: Callable[[], object]) -> None:
    """A value of any type."""
    try:
        refusal(call)
    except (TypeError, Broken):
        pass


# Each call with a place for one text.
TEXT_CALLS: dict[str, Callable[[Any], object]] = {
    "secret": lambda x: Webhook(x, URL),
    "secret in a list": lambda x: Webhook(["fine", x], URL),
    "url": lambda x: Webhook("secret", x),
    "scheme": lambda x: Webhook("secret", URL, scheme=x),
    "format": lambda x: Webhook("secret", URL, format=x),
    "method": lambda x: WEBHOOK.verify(BODY, HEADERS, method=x),
    "method unread": lambda x: WEBHOOK.refuse_unread(HEADERS, method=x),
    "header name": lambda x: WEBHOOK.verify(BODY, [*HEADERS.items(), (x, "x")]),
    "signature": lambda x: WEBHOOK.verify(BODY, HEADERS | {"kore-signature": x}),
    "content type": lambda x: WEBHOOK.verify(BODY, HEADERS | {"content-type": x}),
    "content encoding": lambda x: WEBHOOK.verify(BODY, HEADERS | {"content-encoding": x}),
    "token": lambda x: WEBHOOK.verify(BODY, HEADERS | {"kore-idempotency-token": x}).idempotency_token,
    "date": lambda x: WEBHOOK.verify(BODY, HEADERS | {"date": x}).date,
    "sign: content type": lambda x: WEBHOOK.sign(BODY, content_type=x),
    "headers: content type": lambda x: WEBHOOK.headers(BODY, content_type=x),
    "headers: token": lambda x: WEBHOOK.headers(BODY, token=x),
    "headers: date": lambda x: WEBHOOK.headers(BODY, date=x),
    "standard secret": StandardWebhook,
    "standard secrets": lambda x: StandardWebhook([x]),
    "webhook-id": lambda x: STANDARD.verify(b"{}", SIGNED | {"webhook-id": x}, now=1614265330),
    "webhook-timestamp": lambda x: STANDARD.verify(b"{}", SIGNED | {"webhook-timestamp": x}, now=1614265330),
    "webhook-signature": lambda x: STANDARD.verify(b"{}", SIGNED | {"webhook-signature": x}, now=1614265330),
    "standard sign": lambda x: STANDARD.sign(x, 1, b""),
    "bearer": lambda x: korewebhook.verify_bearer({"authorization": x}, "token"),
    "bearer token": lambda x: korewebhook.verify_bearer({"authorization": "Bearer x"}, x),
    "bearer tokens": lambda x: korewebhook.verify_bearer({"authorization": "Bearer x"}, [x, x]),
    "signed_url": korewebhook.signed_url,
    "parse_date": korewebhook.parse_date,
}


@pytest.mark.parametrize("call", TEXT_CALLS)
def test_texts(call: str) -> None:
    for text in TEXTS:
        value_of(lambda: TEXT_CALLS[call](text))
    for wrong in [*WRONG, *NUMBERS, bytearray(b"x"), memoryview(b"x"), Raises(), RaisesOnAccess()]:
        anything(lambda: TEXT_CALLS[call](wrong))


@settings(max_examples=150)
@given(
    st.sampled_from(sorted(TEXT_CALLS)),
    st.text(alphabet=st.characters()) | st.binary() | st.text(alphabet="\ud800\udfffa=;\0é \u212a"),
)
def test_drawn_texts(call: str, text: str | bytes) -> None:
    value_of(lambda: TEXT_CALLS[call](text))


@pytest.mark.parametrize("call", sorted(set(TEXT_CALLS) - {"format", "scheme", "method", "method unread"}))
def test_a_number_is_no_text(call: str) -> None:
    # Headers that nobody asks for are not looked into; all others are.
    if call == "header name":
        pytest.raises(TypeError, lambda: TEXT_CALLS[call](5))
        return
    for wrong in (5, 1.5, object()):
        with pytest.raises(TypeError):
            TEXT_CALLS[call](wrong)


def test_lone_surrogates_are_malformed() -> None:
    bad = "\ud800"
    codes = {
        call: reason(lambda: TEXT_CALLS[call](bad))
        for call in (
            "secret",
            "url",
            "method",
            "signature",
            "content type",
            "token",
            "date",
            "parse_date",
            "signed_url",
            "bearer",
            "webhook-id",
        )
    }
    assert codes == {
        "secret": "secret-format",
        "url": "url-invalid",
        "method": "method-unsupported",
        "signature": "signature-format",
        "content type": "content-type",
        "token": "ok",
        "date": "ok",
        "parse_date": "date-format",
        "signed_url": "url-invalid",
        "bearer": "bearer-format",
        "webhook-id": "id-format",
    }
    accepted = WEBHOOK.verify(BODY, HEADERS | {"date": bad, "kore-idempotency-token": bad})
    assert (accepted.date, accepted.idempotency_token) == (None, None)


# --- numbers --------------------------------------------------------------------------------------------------------

NUMBER_CALLS: dict[str, Callable[[Any], object]] = {
    "max_body": lambda x: Webhook("secret", URL, max_body=x),
    "max_depth": lambda x: Webhook("secret", URL, max_depth=x),
    "capacity": lambda x: ReplayGuard(capacity=x) if not isinstance(x, int) or x < 2**20 or x > 2**24 else None,
}
TIME_CALLS: dict[str, Callable[[Any], object]] = {
    "now": lambda x: STANDARD.verify(b"{}", SIGNED, now=x),
    "tolerance": lambda x: STANDARD.verify(b"{}", SIGNED, now=1614265330, tolerance=x),
    "timestamp": lambda x: STANDARD.sign("msg_1", x, b""),
    "lease": lambda x: ReplayGuard(capacity=4, lease=x),
    "retention": lambda x: ReplayGuard(capacity=4, retention=x),
    "max_age": lambda x: ReplayGuard(capacity=4, max_age=x),
    "skew": lambda x: ReplayGuard(capacity=4, skew=x),
    "claim": lambda x: ReplayGuard(capacity=4).claim([], None, bytes(16), x),
}


@pytest.mark.parametrize("call", NUMBER_CALLS)
def test_whole_numbers(call: str) -> None:
    for number in NUMBERS:
        value_of(lambda: NUMBER_CALLS[call](number))
    for wrong in ("1", b"1", 1.5, math.nan, object(), [1]):
        with pytest.raises(TypeError):
            NUMBER_CALLS[call](wrong)
    anything(lambda: NUMBER_CALLS[call](Raises()))
    anything(lambda: NUMBER_CALLS[call](RaisesOnAccess()))


@pytest.mark.parametrize("call", TIME_CALLS)
def test_times(call: str) -> None:
    for number in [*NUMBERS, *FLOATS]:
        value_of(lambda: TIME_CALLS[call](number))
    for wrong in ("1", b"1", object(), [1], 1j):
        with pytest.raises(TypeError):
            TIME_CALLS[call](wrong)
    anything(lambda: TIME_CALLS[call](Raises()))
    anything(lambda: TIME_CALLS[call](RaisesOnAccess()))


def test_what_numbers_mean() -> None:
    assert [reason(lambda n=n: Webhook("s", URL, max_body=n)) for n in (0, 1, 2**52, 2**52 + 1, -1)] == [
        "invalid-argument",
        "ok",
        "ok",
        "invalid-argument",
        "invalid-argument",
    ]
    depth = refusal(lambda: Webhook("s", URL, max_depth=65))
    assert depth is not None
    assert (depth.code, depth.detail) == ("invalid-argument", "max-depth")
    verify = lambda now, tolerance=300: reason(lambda: STANDARD.verify(b"{}", SIGNED, now=now, tolerance=tolerance))
    assert verify(1614265330, math.inf) == "ok"
    assert [verify(n) for n in (math.nan, -1, -math.inf)] == ["invalid-argument"] * 3
    assert [verify(1614265330, n) for n in (math.nan, -1)] == ["invalid-argument"] * 2
    assert [verify(n) for n in (0, 2**64, 10**400, math.inf, 1e308)] == ["timestamp-too-new"] + [
        "timestamp-too-old"
    ] * 4


def test_datetimes() -> None:
    at = datetime(2021, 2, 25, 15, 2, 10, tzinfo=UTC)
    verify = lambda now: reason(lambda: STANDARD.verify(b"{}", SIGNED, now=now))
    assert verify(at) == "ok"
    assert verify(at.astimezone(timezone(timedelta(hours=-11)))) == "ok"
    assert verify(at.replace(tzinfo=None)) == "invalid-argument"
    assert verify(datetime.max.replace(tzinfo=UTC)) == "timestamp-too-old"
    assert verify(datetime.min.replace(tzinfo=UTC)) == "invalid-argument"
    sent = WEBHOOK.headers(BODY, date=at)
    assert sent["date"] == "2021-02-25T15:02:10Z"
    assert WEBHOOK.verify(BODY, sent).date == at
    for bad in (at.replace(tzinfo=None), datetime.min.replace(tzinfo=UTC), datetime(1969, 12, 31, tzinfo=UTC)):
        assert reason(lambda: WEBHOOK.headers(BODY, date=bad)) in ("invalid-argument", "date-range")


# --- bodies ---------------------------------------------------------------------------------------------------------


def mapped(body: bytes) -> mmap.mmap:
    memory = mmap.mmap(-1, len(body))
    memory.write(body)
    return memory


class BytesSubclass(bytes):
    """Answers for itself what the core must not ask it."""

    def __len__(self) -> int:
        raise Broken

    def __iter__(self) -> Any:
        raise Broken

    def __getitem__(self, at: Any) -> Any:
        raise Broken


BODIES: dict[str, Callable[[bytes], Any]] = {
    "bytes": bytes,
    "bytes subclass": BytesSubclass,
    "bytearray": bytearray,
    "memoryview": memoryview,
    "memoryview of a bytearray": lambda body: memoryview(bytearray(body)),
    "slice": lambda body: memoryview(b"##" + body + b"##")[2:-2],
    "every other byte": lambda body: memoryview(bytes(b for byte in body for b in (byte, 0)))[::2],
    "backwards": lambda body: memoryview(body[::-1])[::-1],
    "read-only": lambda body: memoryview(bytearray(body)).toreadonly(),
    "mmap": mapped,
    "array of bytes": lambda body: array.array("B", body),
    "array of signed bytes": lambda body: array.array("b", body),
    "memoryview of chars": lambda body: memoryview(body).cast("c"),
    "two dimensions": lambda body: memoryview(body).cast("B", (1, len(body))),
    "ctypes": lambda body: (ctypes.c_char * len(body))(*body),
    "BytesIO": lambda body: io.BytesIO(body).getbuffer(),
}


@pytest.mark.parametrize("kind", BODIES)
def test_buffers(kind: str) -> None:
    body = BODIES[kind](BODY)
    delivery = WEBHOOK.verify(body, HEADERS)
    assert delivery.body == b'{"a":[1,"\xc3\xa9"]}'
    assert type(delivery.body) is bytes
    assert WEBHOOK.sign(body, content_type="application/json") == HEADERS["kore-signature"]
    assert korewebhook.minify_json(body) == delivery.body
    assert STANDARD.verify(BODIES[kind](b"{}"), SIGNED, now=1614265330).id == "msg_1"


def test_wide_items_are_their_bytes() -> None:
    words = array.array("I", b"a=b&" * 2)
    assert WEBHOOK.verify(words, WEBHOOK.headers(b"a=b&a=b&")).body == b"a=b&a=b&"


def test_the_same_object_only_where_it_can_not_change() -> None:
    minified = b'{"a":[1,"\xc3\xa9"]}'
    assert WEBHOOK.verify(minified, HEADERS).body is minified
    changing = bytearray(minified)
    delivery = WEBHOOK.verify(changing, HEADERS)
    changing[:] = b"x" * len(changing)
    assert delivery.body == minified


def test_wrong_types_of_a_body() -> None:
    for wrong in [*WRONG, "text", "\ud800", 5, io.BytesIO(b"x"), [b"x"], Raises(), RaisesOnAccess()]:
        for call in (
            lambda x: WEBHOOK.verify(x, HEADERS),
            WEBHOOK.sign,
            WEBHOOK.headers,
            korewebhook.minify_json,
            lambda x: STANDARD.verify(x, SIGNED),
            lambda x: STANDARD.sign("a", 1, x),
        ):
            with pytest.raises(TypeError):
                call(wrong)


def test_a_released_view() -> None:
    view = memoryview(b"a=b")
    view.release()
    with pytest.raises((TypeError, ValueError)):
        WEBHOOK.verify(view, HEADERS)


def test_a_huge_body_is_refused_by_its_length() -> None:
    huge = mmap.mmap(-1, 1 << 28)
    assert reason(lambda: WEBHOOK.verify(memoryview(huge)[: 1 << 21], HEADERS)) == "body-too-large"
    assert reason(lambda: WEBHOOK.verify(bytes(1 << 21), HEADERS)) == "body-too-large"


# --- headers --------------------------------------------------------------------------------------------------------


class Mapped(Mapping[Any, Any]):
    """A mapping whose `items` is what the test says."""

    def __init__(self, items: Any) -> None:
        self._items = items

    def items(self) -> Any:
        return self._items() if callable(self._items) else self._items

    def __getitem__(self, name: Any) -> Any:
        raise Broken

    def __iter__(self) -> Any:
        raise Broken

    def __len__(self) -> int:
        raise Broken


def endless() -> Iterator[tuple[str, str]]:
    yield from HEADERS.items()
    raise Broken


SHAPES: list[Any] = [
    {},
    [],
    (),
    iter([]),
    Mapped([]),
    Mapped(HEADERS.items()),
    Mapped(None),
    Mapped(5),
    Mapped([5]),
    Mapped(lambda: iter([("a",)])),
    Raises(),
    RaisesOnAccess(),
    endless(),
    [("kore-signature",)],
    [("kore-signature", "a", "b")],
    [(5, "x")],
    [("kore-signature", 5)],
    [["kore-signature", "x"]],
    ["ab"],
    ["kore-signature"],
    {"kore-signature": None},
    {"kore-signature": ["a", 5]},
    {"kore-signature": ["a", "b"]},
    {"kore-signature": []},
    {5: "x"},
    {Raises(): "x"},
    {"kore-signature": Raises()},
    "kore-signature",
    b"kore-signature",
    5,
    None,
    object(),
    type,
    {"wsgi.input": None, 5: 6, "HTTP_KORE_SIGNATURE": "x"},
    {"wsgi.input": None, "HTTP_KORE_SIGNATURE": 5},
]


@pytest.mark.parametrize("at", range(len(SHAPES)))
def test_shapes_of_headers(at: int) -> None:
    for call in (
        lambda x: WEBHOOK.verify(BODY, x),
        WEBHOOK.refuse_unread,
        lambda x: STANDARD.verify(b"{}", x, now=1614265330),
        lambda x: korewebhook.verify_bearer(x, "token"),
    ):
        anything(lambda: call(SHAPES[at]))


def test_what_shapes_mean() -> None:
    for empty in ({}, [], (), Mapped([]), iter([])):
        assert reason(lambda: WEBHOOK.verify(BODY, empty)) == "signature-missing"
    assert isinstance(WEBHOOK.verify(BODY, Mapped(HEADERS.items())), Delivery)
    assert reason(lambda: WEBHOOK.verify(BODY, {"kore-signature": ["a", "b"]})) == "signature-duplicate"
    assert reason(lambda: WEBHOOK.verify(BODY, {"kore-signature": []})) == "signature-missing"
    for wrong in (
        None,
        5,
        object(),
        [5],
        [("kore-signature",)],
        [(5, "x")],
        {5: "x"},
        {"kore-signature": None},
        "kore-signature",
    ):
        with pytest.raises(TypeError):
            WEBHOOK.verify(BODY, wrong)
    with pytest.raises(Broken):
        WEBHOOK.verify(BODY, endless())


def test_a_hundred_thousand_headers() -> None:
    many = [(f"x-{n}", "x" * 100) for n in range(100_000)] + list(HEADERS.items())
    assert WEBHOOK.verify(BODY, many).secret_index == 0
    doubled = [("kore-signature", "0" * 64)] * 100_000
    assert reason(lambda: WEBHOOK.verify(BODY, doubled)) == "signature-duplicate"


def test_headers_that_change_what_they_are_in() -> None:
    """A mapping that changes while it is read is an error of its own or none, and no crash."""
    target: dict[Any, Any] = {}

    class Changes(str):
        def __hash__(self) -> int:
            target[f"new-{len(target)}"] = "x"
            return 5

        def __eq__(self, other: object) -> bool:
            target.clear()
            return False

    target |= {f"h{n}": "x" for n in range(100)}
    target["kore-signature"] = Changes("0" * 64)
    anything(lambda: WEBHOOK.verify(BODY, target))


# --- secrets --------------------------------------------------------------------------------------------------------


def test_secrets() -> None:
    code = lambda secret: reason(lambda: Webhook(secret, URL))
    assert [code(s) for s in ("", b"", [], (), [""], ["a", ""], iter([]))] == ["secret-empty"] * 7
    assert [code(s) for s in (" a", "a\n", b"\ta", "a\x0b", ["fine", "a\r"])] == ["secret-whitespace"] * 5
    assert [code(s) for s in ("a\0b", b"\0", ["fine", "a\0"])] == ["secret-nul"] * 3
    assert [code(s) for s in ("x" * 1024, b"x" * 1024, "\u00e9" * 512)] == ["ok"] * 3
    assert [code(s) for s in ("x" * 1025, "\u00e9" * 513, "x" * 10_000_000)] == ["secret-too-long"] * 3
    assert [code(["s"] * n) for n in (8, 9, 1000)] == ["ok", "too-many-secrets", "too-many-secrets"]
    assert code("\udc80") == "secret-format"
    for wrong in (None, 5, 1.5, bytearray(b"s"), memoryview(b"s"), [5], [None], [["s"]], object()):
        with pytest.raises(TypeError):
            Webhook(wrong, URL)
    # Endless ones are not read to their end.
    assert code(iter(lambda: "s", "t")) == "too-many-secrets"


def test_from_env(monkeypatch: pytest.MonkeyPatch) -> None:
    def code(secret: str | None, url: str | None = URL, **options: Any) -> str:
        for name, value in (("KOREWEBHOOK_SECRET", secret), ("KOREWEBHOOK_URL", url)):
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        return reason(lambda: Webhook.from_env(**options))

    assert [code(s) for s in ("a", "a,b", "a,b,c,d,e,f,g,h")] == ["ok"] * 3
    assert [code(s) for s in (None, "", "a,", ",a", ",", "a,,b")] == ["secret-empty"] * 6
    assert [code(s) for s in ("a, b", " a", "a\n")] == ["secret-whitespace"] * 3
    assert code(",".join("abcdefghi")) == "too-many-secrets"
    assert [code("a", url) for url in (None, "", "h.example")] == ["url-invalid"] * 3
    assert code("a", "https://h.example/\udcff") == "url-invalid"
    assert code("\udcff\udcfe") in ("ok", "secret-format")
    assert code("a", scheme="md5") == "invalid-argument"
    assert code("new-secret,old-secret", max_body=3, scheme="hmac-sha256", allow_get=True) == "ok"
    webhook = Webhook.from_env()
    assert webhook.url == URL
    old = Webhook("old-secret", URL)
    assert webhook.verify(b"a=b", old.headers(b"a=b")).secret_index == 1
    with pytest.raises(TypeError):
        Webhook.from_env(colour="red")


def test_options_by_name_only() -> None:
    with pytest.raises(TypeError):
        Webhook("secret", URL, "kore-sha256")
    with pytest.raises(TypeError):
        WEBHOOK.verify(BODY, HEADERS, "POST")
    with pytest.raises(TypeError):
        Webhook("secret", URL, colour="red")


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    for text in TEXTS:
        refusal(lambda: TEXT_CALLS["signature"](text))
    Webhook("short", "http://h.example")
    assert capfd.readouterr() == ("", "")


def test_references_are_given_back() -> None:
    body, headers = b'{"a": 1}', dict(HEADERS)
    headers["kore-signature"] = "0" * 64
    before = sys.getrefcount(body), sys.getrefcount(headers), sys.getrefcount(headers["kore-signature"])
    for _ in range(1000):
        with pytest.raises(VerificationError):
            WEBHOOK.verify(body, headers)
    assert (sys.getrefcount(body), sys.getrefcount(headers), sys.getrefcount(headers["kore-signature"])) == before
