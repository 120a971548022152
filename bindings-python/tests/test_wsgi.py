"""How a WSGI body is read: by servers that differ over where it ends, in short pieces, and never beyond the bound."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask, request
from signing import SECRET, URL, event, headers

from korewebhook import Webhook
from korewebhook._receive import BodyConsumedError
from korewebhook._wsgi import read, replace
from korewebhook.flask import Received, kore_webhook


class Short(BytesIO):
    """Gives at most three bytes at a time, and keeps how many were asked for."""

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.asked: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size >= 0
        self.asked.append(size)
        return super().read(min(size, 3))


def environ(body: bytes, **more: Any) -> dict[str, Any]:
    return {"wsgi.input": Short(body), **more}


def test_it_ends_at_the_content_length() -> None:
    source = environ(b"0123456789", CONTENT_LENGTH="7")
    assert read(source, 100) == b"0123456"
    assert source["wsgi.input"].asked == [7, 4, 1]


def test_it_ends_where_the_server_says() -> None:
    assert read(environ(b"0123456789", **{"wsgi.input_terminated": True}), 100) == b"0123456789"


@pytest.mark.parametrize("length", ["", "x", "-1", None])
def test_without_an_end_nothing_is_read(length: str | None) -> None:
    source = environ(b"0123456789", CONTENT_LENGTH=length)
    assert read(source, 100) == b""
    assert source["wsgi.input"].asked == []


@pytest.mark.parametrize("more", [{"CONTENT_LENGTH": "10"}, {"wsgi.input_terminated": True}])
def test_it_ends_at_the_bound(more: dict[str, Any]) -> None:
    source = environ(b"0123456789", **more)
    assert read(source, 5) == b"01234"
    assert source["wsgi.input"].asked == [5, 2]


def test_nothing_where_something_was_announced_is_an_error() -> None:
    with pytest.raises(BodyConsumedError, match="verify first"):
        read(environ(b"", CONTENT_LENGTH="10"), 100)
    assert read(environ(b"", CONTENT_LENGTH="0"), 100) == b""
    assert read(environ(b"012", CONTENT_LENGTH="10"), 100) == b"012"  # broken off: refused by what is missing


def test_what_is_put_back_can_be_read() -> None:
    source = environ(b"0123456789", HTTP_TRANSFER_ENCODING="chunked")
    replace(source, b"abc")
    assert read(source, 100) == b"abc"
    assert (source["CONTENT_LENGTH"], "HTTP_TRANSFER_ENCODING" in source) == ("3", False)


@pytest.mark.parametrize("early", [False, True])
def test_flask_reads_what_was_verified(early: bool) -> None:
    """Without `wsgi.input_terminated`, as most servers have it, Flask goes by the length."""
    app = Flask("app")

    @app.before_request
    def look() -> None:
        if early:  # and so fills its caches with the raw body
            assert request.get_json(silent=True) is not None
            assert request.content_length

    @app.post("/kore/")
    @kore_webhook(Webhook(SECRET, URL))
    def kore(received: Received) -> list[Any]:
        return [request.get_data(as_text=True), request.get_json(), request.content_length]

    body = event("flask")
    wire = body.replace(b",", b" ,\n")
    answer = app.test_client().post("/kore/", data=wire, headers=headers(body)).get_json()
    assert answer == [body.decode(), {"id": "flask", "source": "kore-events", "type": _TYPE}, len(body)]


_TYPE = "com.kore.eventstreams.test.event"
