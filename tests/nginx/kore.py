"""What a sender computes, from the formulas in docs/protocol.md, with Python's own hashes."""

import hashlib
import hmac
import json
from pathlib import Path

SECRET = b"a35974bdf1c769b8bb"
URL = "https://hooks.example.com/kore/"
FORM = b"SimSid=HS01&SimStatus=active"
FORM_TYPE = "application/x-www-form-urlencoded; charset=utf-8"
JSON_TYPE = "application/json"

VECTORS = Path(__file__).resolve().parents[1] / "vectors"


def vectors(name):
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["cases"]


def signed_url(url):
    return url.split("?")[0].split("#")[0].encode()


def message(method, url, canonical):
    return method.encode() + signed_url(url) + canonical


def sign(canonical, secret=SECRET, url=URL, method="POST"):
    return hashlib.sha256(secret + message(method, url, canonical)).hexdigest()


def sign_hmac(canonical, secret, url, method="POST"):
    return hmac.new(secret, message(method, url, canonical), "sha256").hexdigest()


def delivery_key(canonical, url=URL, method="POST"):
    """The key under which a delivery is known, whichever secret signed it."""
    parts = b"korewebhook/replay/1"
    for part in (method.encode(), signed_url(url)):
        parts += len(part).to_bytes(8, "big") + part
    return hashlib.sha256(parts + canonical).hexdigest()


def pretty(value):
    """A JSON body as it travels, and as it is signed."""
    return json.dumps(value, indent=4).encode(), json.dumps(value, separators=(",", ":")).encode()


def request(body=FORM, signature=None, *, path="/kore/", method="POST", content_type=FORM_TYPE, headers=(),
            chunked=None, version="1.1", token="RQ1", canonical=None):
    """A delivery as bytes. `chunked` is a list of pieces; `headers` come in addition."""
    lines = [f"{method} {path} HTTP/{version}", "Host: gateway"]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    if signature is None:
        signature = sign(body if canonical is None else canonical)
    if signature is not False:
        lines.append(f"Kore-Signature: {signature}")
    lines += [f"Kore-Idempotency-Token: {token}", "User-Agent: KoreProxy/1.1", *headers]
    if chunked is None:
        lines.append(f"Content-Length: {len(body)}")
        payload = body
    else:
        lines.append("Transfer-Encoding: chunked")
        payload = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in chunked) + b"0\r\n\r\n"
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload
