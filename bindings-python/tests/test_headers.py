"""One verdict, whatever the headers come in."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from email.message import Message
from typing import Any
from wsgiref.headers import Headers as WsgirefHeaders

import httpx
import pytest
import starlette.datastructures
import werkzeug.datastructures
from django.http.request import HttpHeaders
from korewebhook import Webhook
from vectors import load, pairs, reason, secrets

Pairs = list[tuple[str, str]]


def wsgi_environ(headers: Pairs) -> dict[str, Any]:
    """As a WSGI server makes it (PEP 3333)."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "",
        "wsgi.input": io.BytesIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
    }
    for name, value in headers:
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ


def email_message(headers: Pairs) -> Message:
    message = Message()
    for name, value in headers:
        message[name] = value
    return message


class OnlyMapping(Mapping[str, str]):
    """A mapping that is no `dict`."""

    def __init__(self, headers: Pairs) -> None:
        self._headers = dict(headers)

    def __getitem__(self, name: str) -> str:
        return self._headers[name]

    def __iter__(self) -> Any:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)


def latin(headers: Pairs) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers]


def lists(headers: Pairs) -> dict[str, list[str]]:
    """A name and all of its values, as `parse_qs`-like collections have them."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(value)
    return found


# The shape, and whether it can hold a field twice.
SHAPES: dict[str, tuple[Callable[[Pairs], Any], bool]] = {
    "dict": (dict, False),
    "dict of bytes": (lambda headers: dict(latin(headers)), False),
    "dict of lists": (lists, True),
    "mapping": (OnlyMapping, False),
    "list of pairs": (list, True),
    "list of lists": (lambda headers: [list(pair) for pair in headers], True),
    "generator of pairs": (lambda headers: (pair for pair in headers), True),
    "pairs of bytes": (latin, True),
    "ASGI tuples": (lambda headers: [(name.lower(), value) for name, value in latin(headers)], True),
    "WSGI environ": (wsgi_environ, False),
    "wsgiref Headers": (WsgirefHeaders, True),
    "email Message": (email_message, True),
    "starlette Headers": (
        lambda headers: starlette.datastructures.Headers(raw=[(n.lower(), v) for n, v in latin(headers)]),
        True,
    ),
    "werkzeug Headers": (werkzeug.datastructures.Headers, True),
    "werkzeug EnvironHeaders": (lambda headers: werkzeug.datastructures.EnvironHeaders(wsgi_environ(headers)), False),
    "django HttpHeaders": (lambda headers: HttpHeaders(wsgi_environ(headers)), False),
    "httpx Headers": (lambda headers: httpx.Headers(latin(headers)).multi_items(), True),
}


def plain(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether any server would pass them on: names are tokens without `_`, values visible ASCII without blanks at the edges."""
    return all(
        re.fullmatch(r"[A-Za-z0-9-]+", name) and re.fullmatch(r"(?:[!-~](?:[ -~]*[!-~])?)?", value)
        for name, value in headers
    )


CASES = [case for case in load("cases") if plain(pairs(case)) and not case["reason"].startswith(("url-", "secret-"))]


def test_the_cases_that_servers_pass_on() -> None:
    reasons = Counter(case["reason"] for case in CASES)
    assert len(CASES) == 269
    assert reasons["ok"] == 69
    assert {"signature-mismatch", "signature-missing", "signature-duplicate", "content-type", "charset"} <= set(reasons)


@pytest.mark.parametrize("shape", SHAPES)
def test_shape(shape: str) -> None:
    make, repeats = SHAPES[shape]
    ran = 0
    for case in CASES:
        names = Counter(name.lower() for name, _ in pairs(case))
        if not repeats and max(names.values(), default=0) > 1:
            continue
        ran += 1
        webhook = Webhook(secrets(case), case["url"])
        body = bytes.fromhex(case["body"])
        headers = make(pairs(case))
        said = reason(lambda: webhook.verify(body, headers, method=case["method"]))
        assert said == case["reason"], case["name"]
    assert ran == (len(CASES) if repeats else len(CASES) - DUPLICATES)


DUPLICATES = sum(max(Counter(n.lower() for n, _ in pairs(case)).values(), default=0) > 1 for case in CASES)


def test_one_name_in_two_spellings_is_a_duplicate() -> None:
    webhook = Webhook("secret", "https://h.example/k/")
    headers = {"kore-signature": "0" * 64, "Kore-Signature": "0" * 64}
    assert reason(lambda: webhook.verify(b"a=b", headers)) == "signature-duplicate"
    both = httpx.Headers([(b"kore-signature", b"0" * 64), (b"Kore-Signature", b"0" * 64)])
    # httpx joins the two values in `items()`: refused all the same, by its form.
    assert reason(lambda: webhook.verify(b"a=b", both)) == "signature-format"


def test_an_underscore_is_no_hyphen_outside_of_an_environ() -> None:
    webhook = Webhook("secret", "https://h.example/k/")
    signature = webhook.sign(b"a=b")
    headers = {"content-type": "application/x-www-form-urlencoded", "kore_signature": signature}
    assert reason(lambda: webhook.verify(b"a=b", headers)) == "signature-missing"
    cgi = {"CONTENT_TYPE": headers["content-type"], "HTTP_KORE_SIGNATURE": signature}
    assert reason(lambda: webhook.verify(b"a=b", cgi)) == "signature-missing"
    assert reason(lambda: webhook.verify(b"a=b", cgi | {"wsgi.input": None})) == "ok"


def test_an_environ_may_say_the_content_type_twice() -> None:
    webhook = Webhook("secret", "https://h.example/k/")
    form = "application/x-www-form-urlencoded"
    environ = {"wsgi.input": None, "CONTENT_TYPE": form, "HTTP_KORE_SIGNATURE": webhook.sign(b"a=b")}
    assert reason(lambda: webhook.verify(b"a=b", environ | {"HTTP_CONTENT_TYPE": form})) == "ok"
    del environ["CONTENT_TYPE"]
    assert reason(lambda: webhook.verify(b"a=b", environ | {"HTTP_CONTENT_TYPE": form})) == "content-type"
