"""Requests from a generator: our verdict is the model's, which was written from the documentation."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

import korewebhook
import model
import pytest
import signing
from hypothesis import given, settings
from hypothesis import strategies as st
from korewebhook import Delivery, VerificationError, Webhook
from vectors import load, pairs, reason, secrets

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]


def bytes_of(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return strategy.map(lambda text: text.encode("utf-8", "surrogatepass"))


def one_in(n: int) -> st.SearchStrategy[bool]:
    return st.sampled_from([False] * (n - 1) + [True])


# --- bodies ---------------------------------------------------------------------------------------------------------

SPACE = st.sampled_from(["", "", "", " ", "\n", "\t", "\r\n  "])
NUMBERS = st.sampled_from(
    ["0", "-0", "1.50", "1e400", "-1E+07", "51.507350", "8988307000000000123", "0.1e-2", "9" * 400]
) | st.integers().map(str)
STRINGS = st.lists(
    st.sampled_from(
        [r"\"", r"\\", r"\/", r"\u0000", r"\ud800", r"\u00E9", r"\n", " ", "  ", "{", "}", "[", ",", ":", "\x7f"]
    )
    | st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters='"\\'),
    max_size=8,
).map(lambda parts: f'"{"".join(parts)}"')
NAMES = STRINGS | st.sampled_from(['"id"', '"source"', r'"\u0069d"', '"SimStatus"'])


def container(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    @st.composite
    def build(draw: Any) -> str:
        space = lambda: draw(SPACE)
        if draw(st.booleans()):
            items = [f"{space()}{item}{space()}" for item in draw(st.lists(children, max_size=4))]
            return f"[{','.join(items) or space()}]"
        members = [
            f"{space()}{draw(NAMES)}{space()}:{space()}{item}{space()}" for item in draw(st.lists(children, max_size=4))
        ]
        return "{" + (",".join(members) or space()) + "}"

    return build()


VALUES = st.recursive(NUMBERS | STRINGS | st.sampled_from(["true", "false", "null"]), container, max_leaves=12)


@st.composite
def json_bodies(draw: Any) -> bytes:
    text = draw(container(VALUES) if not draw(one_in(12)) else VALUES)
    if draw(one_in(8)):
        deep = draw(st.integers(60, 66))
        text = "[" * deep + text + "]" * deep
    return f"{draw(SPACE)}{text}{draw(SPACE)}".encode()


FORM_TEXT = st.text(alphabet="abcXYZ019-._~*!'()+", max_size=6) | st.sampled_from(
    ["SimSid", "SimStatus", "active", "%7B", "%00", "a b", "caf%C3%A9", "@", "/k", ""]
)


@st.composite
def form_bodies(draw: Any) -> bytes:
    fields = draw(st.lists(st.tuples(FORM_TEXT, FORM_TEXT), min_size=1, max_size=5))
    body = "&".join(f"{name}={value}" for name, value in fields).encode()
    if draw(one_in(12)):
        body += draw(
            st.sampled_from([b"\xff", b"\xc3\xa9", b"\xc3", b"\xed\xa0\x80", b"\x01", b"\x7f", b"\xf4\x90\x80\x80"])
        )
    return body


@st.composite
def mutated(draw: Any, bodies: st.SearchStrategy[bytes]) -> bytes:
    """A body with a few bytes changed, put in, taken away, or cut."""
    body = bytearray(draw(bodies))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(body)))
        match draw(st.sampled_from(["insert", "delete", "set", "cut", "repeat"])):
            case "insert":
                body[at:at] = draw(
                    st.sampled_from([b" ", b",", b"\0", b'"', b"\xff", b"\xe2\x80", b"0", b"\\", b"]", b"\xef\xbb\xbf"])
                )
            case "delete":
                del body[at : at + draw(st.integers(1, 3))]
            case "set" if at < len(body):
                body[at] = draw(st.integers(0, 255))
            case "cut":
                del body[at:]
            case _:
                body[at:at] = body[at : at + 4]
    return bytes(body)


def glued(body: bytes, before: int) -> bytes:
    """A length extension (FIPS 180-4, section 5.1.1): the padding of what was hashed, and more."""
    length = before + len(body)
    padding = b"\x80" + b"\0" * ((55 - length) % 64) + (8 * length).to_bytes(8, "big")
    return body + padding + b"&SimStatus=inactive"


# --- heads ----------------------------------------------------------------------------------------------------------

MEDIA_TYPES = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "application/cloudevents+json", "Application/JSON"]
)
PARAMETERS = st.sampled_from(
    [
        "; charset=utf-8",
        ";charset=UTF-8",
        '; charset="utf-8"',
        ";",
        "; a=b",
        ' ;\ta="x;charset=utf-7"',
        " ",
        r'; a="\""',
    ]
)
ODD_CONTENT_TYPES = st.sampled_from(
    [
        "",
        "text/json",
        "application/+json",
        " application/json",
        "application/json, application/json",
        "application/json; charset=utf-16",
        r'application/json; charset="utf\-8"',
        "application/json; charset",
        "application/json; charset =utf-8",
        "application/json; a=b c=d",
        'application/json; a="b',
        "application/json\xa0",
        "application/json; charset=utf-8; charset=utf-8",
        "application/json; charset=utf-8; CHARSET=utf-16",
        "application/jso\u212a",
        "application/json; a=" + "x" * 8192,
        "multipart/form-data; boundary=x",
    ]
)
METHODS = st.sampled_from(["POST"] * 30 + ["GET"] * 4 + ["post", "PUT", "", "POST ", "PO\u017fT"])
SECRETS = st.lists(
    st.sampled_from(
        [b"12345", b"a35974bdf1c769b8bb", b"f4d430d03cff6f03e1", "gehe\u00edm".encode(), b"x" * 64, b"y" * 1024]
    ),
    min_size=1,
    max_size=8,
)
URLS = st.sampled_from(
    [
        "https://testendpoint.com",
        "https://h.example/kore/?a=b",
        "http://h.example:8080/%7Ek#x",
        "https://[::1]/" + "p" * 90,
    ]
)


@st.composite
def requests(draw: Any) -> tuple[model.Settings, str, list[tuple[str, str]], bytes]:
    """A configuration and a request that mostly fit each other."""
    method = draw(METHODS)
    config = model.Settings(
        secrets=tuple(draw(SECRETS)),
        url=draw(URLS).encode(),
        scheme=draw(st.sampled_from(["kore-sha256", "kore-sha256", "hmac-sha256"])),
        allow_get=method == "GET" and draw(st.booleans()),
        allow_empty_body=draw(one_in(8)),
        max_body=draw(st.sampled_from([1 << 20] * 6 + [16, 100])),
        max_depth=draw(st.sampled_from([64] * 4 + [1, 3])),
        format=draw(st.sampled_from([None] * 6 + ["json", "form"])),
    )
    kind = draw(st.sampled_from(["json", "form"]))
    bodies = json_bodies() if kind == "json" else form_bodies()
    empty = draw(one_in(12)) or (method == "GET" and not draw(one_in(4)))
    body = b"" if empty else draw(mutated(bodies) if draw(one_in(3)) else bodies)

    declared = "form" if draw(one_in(8)) else kind
    content_type = draw(MEDIA_TYPES.filter(lambda t: ("form" in t) == (declared == "form")))
    content_type = (
        draw(ODD_CONTENT_TYPES) if draw(one_in(10)) else content_type + "".join(draw(st.lists(PARAMETERS, max_size=2)))
    )

    # What an honest sender would sign, or else the bytes as they are.
    canonical = body
    if kind == "json":
        try:
            canonical = model.minify(body)[0]
        except model.Refused:
            pass
    secret = draw(st.sampled_from(config.secrets))
    signed_method = "GET" if method == "GET" else "POST"
    signature = model.sign(config, secret, signed_method.encode(), canonical)
    match draw(st.sampled_from(["right"] * 30 + ["wrong", "upper", "empty", "cut", "other", "extended"])):
        case "wrong":
            signature = "0" * 64
        case "upper":
            signature = signature.upper()
        case "empty":
            signature = ""
        case "cut":
            signature = signature[:-1] + draw(st.sampled_from(["", "\n", "g", "\u0661"]))
        case "other":
            signature = model.sign(config, b"no secret of ours", b"POST", canonical)
        case "extended":
            body = glued(body, len(secret) + len(b"POST") + len(model.signed_part(config.url)))
        case _:
            pass
    name = draw(st.sampled_from(["kore-signature", "Kore-Signature", "KORE-SIGNATURE"]))
    headers = [(name, signature), ("Content-Type", content_type), ("date", "2024-07-03T14:40:58Z")]
    match draw(st.sampled_from(["plain"] * 20 + ["drop", "double", "encoding", "alias"])):
        case "drop":
            del headers[draw(st.integers(0, 1))]
        case "double":
            headers.append(headers[draw(st.integers(0, 1))])
        case "encoding":
            values = st.sampled_from(["gzip", "identity", "Identity", "", "identity, gzip", "identity "])
            headers += [("Content-Encoding", value) for value in draw(st.lists(values, min_size=1, max_size=2))]
        case "alias":
            headers[0] = (
                draw(
                    st.sampled_from(["kore_signature", "\u212aore-signature", "kore-\u017fignature", "kore-signature "])
                ),
                signature,
            )
        case _:
            pass
    return config, method, draw(st.permutations(headers)), body


def said_by_model(config: model.Settings, method: str, headers: list[tuple[str, str]], body: bytes) -> model.Verdict:
    return model.verify(config, method.encode(), [(name.encode(), value.encode()) for name, value in headers], body)


def said_by_us(config: model.Settings, method: str, headers: Any, body: Any) -> model.Verdict:
    webhook = Webhook(
        list(config.secrets),
        config.url,
        scheme=config.scheme,
        allow_get=config.allow_get,
        allow_empty_body=config.allow_empty_body,
        max_body=config.max_body,
        max_depth=config.max_depth,
        format=config.format,
    )
    try:
        verdict = webhook.verify(body, headers, method=method)
    except VerificationError as error:
        return model.Verdict(error.code)
    if not isinstance(verdict, Delivery):
        return model.Verdict("ok", verdict.secret_index)
    assert verdict.key == model.delivery_key(config.url, verdict.body)
    return model.Verdict("ok", verdict.secret_index, verdict.body)


REASONS = {
    "ok",
    "method-unsupported",
    "get-disabled",
    "body-too-large",
    "signature-missing",
    "signature-duplicate",
    "signature-empty",
    "signature-format",
    "body-on-get",
    "nul-in-body",
    "empty-body",
    "content-type",
    "charset",
    "content-encoding",
    "json-malformed",
    "json-too-deep",
    "json-top-level",
    "content-type-confusion",
    "signature-mismatch",
    "form-control-character",
    "form-not-utf8",
    "form-first-key",
}


def test_requests() -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=3000)
    @given(requests(), st.sampled_from(["pairs", "bytes", "dict"]), st.sampled_from([bytes, bytearray, memoryview]))
    def run(request: Any, shape: str, kind: Any) -> None:
        config, method, headers, body = request
        given_headers: Any = headers
        if shape == "bytes":
            given_headers = ((name.encode(), value.encode()) for name, value in headers)
        elif shape == "dict" and len({name for name, _ in headers}) == len(headers):
            given_headers = dict(headers)
        expected = said_by_model(*request)
        assert said_by_us(config, method, given_headers, kind(body)) == expected
        seen[expected.reason] += 1

    run()
    assert set(seen) == REASONS, (REASONS ^ set(seen), seen)
    assert seen["ok"] > sum(seen.values()) / 4, seen


def test_every_byte_in_every_place() -> None:
    config = model.Settings((b"a35974bdf1c769b8bb",), b"https://h.example/kore/")
    form, json = "application/x-www-form-urlencoded", "application/json"
    places = [
        (form, b"a%c=b"),
        (form, b"%ca=b"),
        (form, b"%c"),
        (form, b"a=%c"),
        (form, b"a=\xc3%c"),
        (form, b"a=b&%c=d"),
        (json, b'{"a%c":1}'),
        (json, b'{"a":"\\%c"}'),
        (json, b'{"a":"\\u00e%c"}'),
        (json, b'{"a":"\xe2\x82%c"}'),
        (json, b'{"a":"\xe0%c\x80"}'),
        (json, b'{"a":1%c}'),
        (json, b'{"a":%c1}'),
        (json, b'{"a":0%c1}'),
        (json, b'{"a":t%cue}'),
        (json, b'%c{"a":1}'),
        (json, b'{"a":1}%c'),
        (json, b'{"a"%c1}'),
        (json, b"[1%c2]"),
        (json, b"[%c]"),
        (json, b"%c"),
    ]
    seen: Counter[str] = Counter()
    for content_type, place in places:
        for byte in range(256):
            body = place % byte
            try:
                canonical = model.minify(body)[0] if content_type == json else body
            except model.Refused:
                canonical = body
            headers = [
                ("content-type", content_type),
                ("kore-signature", model.sign(config, config.secrets[0], b"POST", canonical)),
            ]
            expected = said_by_model(config, "POST", headers, body)
            assert said_by_us(config, "POST", headers, body) == expected, body
            seen[expected.reason] += 1
    for byte in range(32, 127):
        for value in (
            f"application/json{byte:c}",
            f"application/json;{byte:c}",
            f"application/json; a{byte:c}=b",
            f"application/json; a=b{byte:c}",
        ):
            headers = [
                ("content-type", value),
                ("kore-signature", model.sign(config, config.secrets[0], b"POST", b"{}")),
            ]
            assert said_by_us(config, "POST", headers, b"{}") == said_by_model(config, "POST", headers, b"{}"), value
    assert seen["ok"] > 500
    assert {"form-first-key", "form-control-character", "form-not-utf8", "content-type-confusion", "nul-in-body"} < set(
        seen
    )


@pytest.mark.parametrize(("size", "step"), [(0, 1), (9_000, 23), (300_000, 69)])
@pytest.mark.parametrize("text", [b"xy", b"x y"])
def test_white_space_wherever_it_begins(size: int, step: int, text: bytes) -> None:
    webhook = Webhook(signing.SECRET, signing.URL)
    for before in range(0, 70, step):
        tokens = [b"{", b'"%s"' % text, b":", b'"%s"' % (b"k" * before), b",", b'"z"', b":"]
        tokens += [b"[", b"1", b",", b'"%s"' % (b" z" * (size // 2)), b"]", b"}"]
        minified = b"".join(tokens)
        sent = signing.headers(minified)
        assert webhook.verify(minified, sent).body is minified
        for at in range(len(tokens) + 1):
            body = b"".join([*tokens[:at], b" \r\n\t", *tokens[at:]])
            assert webhook.verify(body, sent).body == minified
            assert webhook.verify(bytearray(body), sent).body == minified


@settings(max_examples=1000)
@given(json_bodies() | mutated(json_bodies()) | st.binary(max_size=40))
def test_minify_json(text: bytes) -> None:
    def said(minify: Callable[[bytes], bytes]) -> tuple[str, bytes | None]:
        try:
            return "ok", minify(text)
        except model.Refused as refused:
            return str(refused), None
        except VerificationError as error:
            return error.code, None

    assert said(korewebhook.minify_json) == said(lambda text: model.minify(text)[0])


@settings(max_examples=400)
@given(
    json_bodies() | form_bodies() | mutated(form_bodies()) | mutated(json_bodies()),
    st.sampled_from([None, "json", "form"]),
)
def test_what_is_signed_verifies_and_nothing_else_is_signed(body: bytes, kind: str | None) -> None:
    webhook = Webhook("a35974bdf1c769b8bb", "https://h.example/kore/")
    content_type = {None: None, "json": "application/json", "form": "application/x-www-form-urlencoded"}[kind]
    config = model.Settings((b"a35974bdf1c769b8bb",), b"https://h.example/kore/")
    kind = kind or ("json" if body.lstrip(b" \t\r\n\f")[:1] in (b"{", b"[") else "form")
    headers = [(b"content-type", b"application/json" if kind == "json" else b"application/x-www-form-urlencoded")]
    try:
        canonical = model.minify(body)[0] if kind == "json" else body
    except model.Refused:
        canonical = body
    signature = model.sign(config, config.secrets[0], b"POST", canonical)
    expected = model.verify(config, b"POST", [*headers, (b"kore-signature", signature.encode())], body)
    assert reason(lambda: webhook.sign(body, content_type=content_type)) == expected.reason
    if expected.reason == "ok":
        assert webhook.sign(body, content_type=content_type) == signature
        sent = webhook.headers(body, content_type=content_type, token="RQ1", date="2024-07-03T14:40:58Z")
        assert webhook.verify(body, sent).body == canonical


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("cases", "kore-sha256"), ("opt_in", "kore-sha256"), ("rotation", "kore-sha256"), ("hmac", "hmac-sha256")],
)
def test_the_model_itself(name: str, scheme: str) -> None:
    for case in load(name):
        if case["reason"].startswith(("url-", "secret-")):
            continue
        config = model.Settings(tuple(secrets(case)), case["url"].encode(), scheme, **case.get("options", {}))
        assert said_by_model(config, case["method"], pairs(case), bytes.fromhex(case["body"])).reason == case["reason"]


def test_the_extensions_are_real() -> None:
    """Without the secret, the signature of a longer message: what the refusal of NUL bytes is for."""
    secret, url, body = b"a35974bdf1c769b8bb", b"https://h.example/kore/", b"SimStatus=active"
    prefix = secret + b"POST" + url
    longer = glued(body, len(prefix))
    assert hashlib.sha256(prefix + longer).hexdigest() == extend(
        hashlib.sha256(prefix + body).digest(), longer, len(prefix)
    )


def extend(digest: bytes, longer: bytes, before: int) -> str:
    """SHA-256 (FIPS 180-4, section 6.2) of the rest of `longer`, going on from a known digest."""
    state = [int.from_bytes(digest[at : at + 4], "big") for at in range(0, 32, 4)]
    length = before + len(longer)
    suffix = b"&SimStatus=inactive"
    assert (length - len(suffix)) % 64 == 0
    tail = suffix + b"\x80" + b"\0" * ((55 - length) % 64) + (8 * length).to_bytes(8, "big")
    for block in range(0, len(tail), 64):
        state = compress(state, tail[block : block + 64])
    return b"".join(word.to_bytes(4, "big") for word in state).hex()


def compress(state: list[int], block: bytes) -> list[int]:
    mask = 0xFFFFFFFF
    primes = [n for n in range(2, 312) if all(n % d for d in range(2, n))][:64]
    # The first 32 bits of the fractions of the primes' cube roots, in whole numbers.
    constants = [cube_root(prime << 96) & mask for prime in primes]
    rotate = lambda word, by: (word >> by | word << (32 - by)) & mask
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for t in range(16, 64):
        s0 = rotate(words[t - 15], 7) ^ rotate(words[t - 15], 18) ^ words[t - 15] >> 3
        s1 = rotate(words[t - 2], 17) ^ rotate(words[t - 2], 19) ^ words[t - 2] >> 10
        words.append((words[t - 16] + s0 + words[t - 7] + s1) & mask)
    a, b, c, d, e, f, g, h = state
    for t in range(64):
        s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
        t1 = (h + s1 + (e & f ^ ~e & g) + constants[t] + words[t]) & mask
        s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
        t2 = (s0 + (a & b ^ a & c ^ b & c)) & mask
        a, b, c, d, e, f, g, h = (t1 + t2) & mask, a, b, c, (d + t1) & mask, e, f, g
    return [(old + new) & mask for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True)]


def cube_root(n: int) -> int:
    low, high = 0, 1 << (n.bit_length() // 3 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**3 <= n else (low, middle - 1)
    return low
