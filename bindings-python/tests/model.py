"""Verification in slow and simple Python, written from docs/protocol.md. It shares nothing with the code under test."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What is configured."""

    secrets: tuple[bytes, ...]
    url: bytes
    scheme: str = "kore-sha256"
    allow_get: bool = False
    allow_empty_body: bool = False
    max_body: int = 1 << 20
    max_depth: int = 64
    format: str | None = None


@dataclass(frozen=True)
class Verdict:
    """A reason, or which secret matched and what was signed (`None` for a GET)."""

    reason: str
    secret_index: int | None = None
    body: bytes | None = None


class Refused(Exception):
    """Carries the name of a reason."""


# --- parts of the grammar -------------------------------------------------------------------------------------------

TCHAR = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]"
QUOTED = rb'"(?:[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff])*"'
PARAMETER = rb"(%s+)=(%s+|%s)" % (TCHAR, TCHAR, QUOTED)
CONTENT_TYPE = re.compile(
    rb"application/(json|%s+\+json|x-www-form-urlencoded)((?:[\t ]*;[\t ]*(?:%s)?)*)[\t ]*" % (TCHAR, PARAMETER),
    re.IGNORECASE | re.DOTALL,
)
SIGNATURE = re.compile(rb"[0-9a-f]{64}")

UTF8_TAIL = (
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
STRING = re.compile(rb'"(?:[\x20\x21\x23-\x5b\x5d-\x7f]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4}|%s)*"' % UTF8_TAIL)
NUMBER = re.compile(rb"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
LITERAL = re.compile(rb"true|false|null")
SPACE = re.compile(rb"[\x20\x09\x0a\x0d]*")

FIRST_KEY = re.compile(rb"[A-Za-z0-9\-._~*!'()+%]*")
CONTROL = re.compile(rb"[\x01-\x1f\x7f]")


def minify(text: bytes, max_depth: int = 64) -> tuple[bytes, bool]:
    """The canonical form, and whether a container stands at the top."""
    tokens: list[bytes] = []
    stack: list[bytes] = []
    at = 0
    # What may come next: a value, a value or the end of an array, a key, a key or the end of an object, a colon, a
    # comma or an end, nothing.
    expect = "value"
    while True:
        space = SPACE.match(text, at)
        assert space
        at = space.end()
        if at == len(text):
            if expect != "nothing":
                raise Refused("json-malformed")
            return b"".join(tokens), tokens[0] in (b"{", b"[")
        byte = text[at : at + 1]
        token = byte
        if expect in ("value", "value or ]") and byte in (b"{", b"["):
            if len(stack) == max_depth:
                raise Refused("json-too-deep")
            stack.append(byte)
            expect = "key or }" if byte == b"{" else "value or ]"
        elif (expect in ("value or ]", "comma or end") and byte == b"]" and stack[-1] == b"[") or (
            expect in ("key or }", "comma or end") and byte == b"}" and stack[-1] == b"{"
        ):
            stack.pop()
            expect = "comma or end" if stack else "nothing"
        elif expect == "colon" and byte == b":":
            expect = "value"
        elif expect == "comma or end" and byte == b",":
            expect = "key" if stack[-1] == b"{" else "value"
        elif expect in ("key", "key or }") and (match := STRING.match(text, at)):
            token = match[0]
            expect = "colon"
        elif expect in ("value", "value or ]") and (
            match := STRING.match(text, at) or NUMBER.match(text, at) or LITERAL.match(text, at)
        ):
            token = match[0]
            expect = "comma or end" if stack else "nothing"
        else:
            raise Refused("json-malformed")
        tokens.append(token)
        at += len(token)


def field(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    """The values of a field, its name compared in ASCII without case. (`lower` of bytes knows ASCII only.)"""
    return [value for given, value in headers if given.lower() == name]


def content_type(value: bytes) -> str:
    """`json` or `form`."""
    match = CONTENT_TYPE.fullmatch(value)
    if match is None or len(value) > 8192:
        raise Refused("content-type")
    charsets = [given for name, given in re.findall(PARAMETER, match[2], re.DOTALL) if name.lower() == b"charset"]
    if len(charsets) > 1 or any(given.lower() not in (b"utf-8", b'"utf-8"') for given in charsets):
        raise Refused("charset")
    return "form" if match[1].lower() == b"x-www-form-urlencoded" else "json"


def body_format(settings: Settings, headers: Sequence[tuple[bytes, bytes]]) -> str:
    """What the body is."""
    types = field(headers, b"content-type")
    if len(types) > 1 or (not types and settings.format is None):
        raise Refused("content-type")
    found = content_type(types[0]) if types else settings.format
    assert found is not None
    encodings = field(headers, b"content-encoding")
    if encodings and [encoding.lower() for encoding in encodings] != [b"identity"]:
        raise Refused("content-encoding")
    return found


def digest(scheme: str, secret: bytes, message: bytes) -> str:
    """The signature of what is signed."""
    if scheme == "hmac-sha256":
        return hmac.new(secret, message, hashlib.sha256).hexdigest()
    return hashlib.sha256(secret + message).hexdigest()


def signed_part(url: bytes) -> bytes:
    """A URL without query and fragment."""
    return re.split(rb"[?#]", url, maxsplit=1)[0]


def sign(settings: Settings, secret: bytes, method: bytes, canonical: bytes) -> str:
    """What the sender puts into its header."""
    return digest(settings.scheme, secret, method + signed_part(settings.url) + canonical)


def verify(settings: Settings, method: bytes, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> Verdict:
    """The verdict: each check in the order of the documentation."""
    try:
        return _verify(settings, method, headers, body)
    except Refused as refused:
        return Verdict(str(refused))


def _verify(settings: Settings, method: bytes, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> Verdict:
    if method not in (b"POST", b"GET"):
        raise Refused("method-unsupported")
    if method == b"GET" and not settings.allow_get:
        raise Refused("get-disabled")
    if len(body) > settings.max_body:
        raise Refused("body-too-large")

    signatures = field(headers, b"kore-signature")
    if not signatures:
        raise Refused("signature-missing")
    if len(signatures) > 1:
        raise Refused("signature-duplicate")
    if not signatures[0]:
        raise Refused("signature-empty")
    if not SIGNATURE.fullmatch(signatures[0]):
        raise Refused("signature-format")

    if method == b"GET":
        if body:
            raise Refused("body-on-get")
        return Verdict("ok", match(settings, method, b"", signatures[0]))

    if b"\0" in body:
        raise Refused("nul-in-body")
    if not body and not settings.allow_empty_body:
        raise Refused("empty-body")
    kind = body_format(settings, headers)
    canonical = body
    if kind == "json" and body:
        canonical, container = minify(body, settings.max_depth)
        if not container:
            raise Refused("json-top-level")
    elif kind == "form" and body[:1] in (b"{", b"["):
        raise Refused("content-type-confusion")
    index = match(settings, method, canonical, signatures[0])
    if kind == "form":
        check_form(body)
    return Verdict("ok", index, canonical)


def match(settings: Settings, method: bytes, canonical: bytes, signature: bytes) -> int:
    """Which secret signed."""
    for index, secret in enumerate(settings.secrets):
        if sign(settings, secret, method, canonical).encode() == signature:
            return index
    raise Refused("signature-mismatch")


def check_form(body: bytes) -> None:
    """What a holder of the secret may have signed and is refused all the same."""
    if CONTROL.search(body):
        raise Refused("form-control-character")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("form-not-utf8") from None
    if not FIRST_KEY.fullmatch(re.split(rb"[=&]", body, maxsplit=1)[0]):
        raise Refused("form-first-key")


def delivery_key(url: bytes, canonical: bytes) -> str:
    """The key under which a delivery is remembered."""

    def sized(part: bytes) -> bytes:
        return len(part).to_bytes(8, "big") + part

    message = b"korewebhook/replay/1" + sized(b"POST") + sized(signed_part(url)) + canonical
    return hashlib.sha256(message).hexdigest()
