"""Reads the body of a WSGI request, bounded, and puts its canonical form in its place."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from ._receive import BodyConsumedError, content_length

CONSUMED = (
    "the body of this request was read before it was verified (or the client sent none of it): verify first, and let no middleware, "
    "before_request hook or decorator above this one read the form, the JSON or the stream"
)


def read(environ: dict[str, Any], limit: int) -> bytes:
    """At most `limit` bytes of the body. It ends at Content-Length, or where the server ends a chunked one.

    Raises `BodyConsumedError` where a body was announced and nothing of it is left.
    """
    known = content_length(environ.get("CONTENT_LENGTH"))
    if known is None and not environ.get("wsgi.input_terminated"):
        return b""  # PEP 3333: without a length nothing can be read without the risk of waiting for ever
    body = bytearray()
    end = limit if known is None else min(known, limit)
    while len(body) < end:
        piece = environ["wsgi.input"].read(end - len(body))
        if not piece:
            break
        body += piece
    if known and not body:
        raise BodyConsumedError(CONSUMED)
    return bytes(body)


def replace(environ: dict[str, Any], body: bytes) -> None:
    """Lets whoever reads the body from now on read what was verified."""
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)
