"""The shared vectors as C tables, for tests on hosts and in firmware.

python3 tests/c/cases.py LIST… > cases.h        (of cases, opt_in, rotation, hmac)
python3 tests/c/cases.py --parts > parts.h      (the lists of URLs, JSON, dates, tokens, keys, replays and so on)

What is accepted comes with the secret and the canonical body that were signed, found here by hashlib and hmac.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import pathlib
import re
import sys
from typing import Any

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
REASONS: dict[str, int] = json.loads((VECTORS / "reasons.json").read_text())
TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

# What isn't looked at where a request is taken for JSON by POST.
NOT_OF_JSON = {"content-type", "charset", "content-encoding"}

# The secret has a NUL, which no verifier of C's takes.
REFUSED_SECRETS = {"hmac_key_zero_padded_equivalent": "secret-nul"}


def load(name: str) -> list[dict[str, Any]]:
    return json.loads((VECTORS / f"{name}.json").read_text())["cases"]


class Table:
    """Byte strings by number, each once."""

    def __init__(self) -> None:
        self.known: dict[bytes, int] = {}

    def bytes(self, data: bytes) -> str:
        if not data:
            return "{0, 0}"
        if data not in self.known:
            number = self.known[data] = len(self.known)
            digits = ",".join(str(byte) for byte in data)
            lines = re.sub(r"(.{100,103}),", r"\1,\n", digits)
            print(f"static const uint8_t bytes_{number}[{len(data)}] = {{{lines}}};")
        return f"{{bytes_{self.known[data]}, {len(data)}}}"


def text(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def stripped(body: bytes) -> bytes:
    """JSON without the white space outside of its strings."""
    kept, quoted, escaped = bytearray(), False, False
    for byte in body:
        if quoted or byte not in b" \t\r\n":
            kept.append(byte)
        if escaped:
            escaped = False
        elif byte == ord("\\"):
            escaped = True
        elif byte == ord('"'):
            quoted = not quoted
    return bytes(kept)


def signed_by(case: dict[str, Any], scheme: str, canonical: bytes) -> int:
    """Which secret has signed, from 0."""
    url = case["url"].split("?")[0].split("#")[0]
    message = case["method"].encode() + url.encode() + canonical
    given = next(value for name, value in case["headers"] if name.lower() == "kore-signature")
    for index, secret in enumerate(secrets(case)):
        mac = hmac.new(secret, message, hashlib.sha256)
        digest = mac if scheme == "hmac" else hashlib.sha256(secret + message)
        if digest.hexdigest() == given:
            return index
    raise ValueError(f"{case['name']}: no secret has signed this")


def secrets(case: dict[str, Any]) -> list[bytes]:
    return [bytes.fromhex(secret) for secret in case.get("secrets", [case.get("secret")]) if secret is not None]


def fields(case: dict[str, Any]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in case["headers"]]


def field_lines(case: dict[str, Any]) -> bytes:
    """The header as it stands in a request; nothing where it can't stand there."""
    for name, value in fields(case):
        if not TOKEN.fullmatch(name) or re.search(rb"[\x00-\x08\x0a-\x1f\x7f]|^[ \t]|[ \t]$", value):
            return b""
    return b"".join(name + b": " + value + b"\r\n" for name, value in fields(case)) + b"\r\n"


def requests(name: str, table: Table) -> None:
    rows = []
    for number, case in enumerate(load(name)):
        keys = ", ".join(table.bytes(secret) for secret in secrets(case)) or "{0, 0}"
        print(f"static const korewebhook_bytes {name}_{number}_secrets[] = {{{keys}}};")
        pairs = ", ".join(f"{{{table.bytes(n)}, {table.bytes(v)}}}" for n, v in fields(case)) or "{{0, 0}, {0, 0}}"
        print(f"static const korewebhook_header {name}_{number}_headers[] = {{{pairs}}};")
        body, options = bytes.fromhex(case["body"]), case.get("options", {})
        json_body = any(n.lower() == "content-type" and "json" in v.lower() for n, v in case["headers"])
        canonical, index, reason = b"", 0, case["reason"]
        if case["expect"] == "accept":
            canonical = stripped(body) if json_body else body
            index = signed_by(case, name, canonical)
            reason = REFUSED_SECRETS.get(case["name"], reason)
        as_json = json_body and case["method"] == "POST" and reason not in NOT_OF_JSON
        as_json = as_json and field_lines(case) != b""
        rows.append(
            "{"
            + ", ".join(
                [
                    text(case["name"]),
                    f"{name}_{number}_secrets, {len(secrets(case))}",
                    table.bytes(case["method"].encode()),
                    table.bytes(case["url"].encode()),
                    f"{name}_{number}_headers, {len(case['headers'])}",
                    table.bytes(field_lines(case)),
                    table.bytes(body),
                    f"{{{options.get('max_body', 0)}, {options.get('max_depth', 0)}, "
                    f"{int(options.get('allow_get', False))}, 0}}",
                    str(0 if reason == "ok" else REASONS[reason]),
                    str(index),
                    table.bytes(canonical),
                    str(int(json_body)),
                    str((0 if reason == "ok" else REASONS[reason]) if as_json else -1),
                ]
            )
            + "}"
        )
    print(f"static const test_case {name}[] = {{\n" + ",\n".join(rows) + "\n};")
    print(f"static const size_t {name}_len = {len(rows)};")


def main() -> None:
    print("/* Made from tests/vectors by tests/c/cases.py. */\n")
    if sys.argv[1:] == ["--parts"]:
        import parts

        parts.write(Table())
    else:
        print('#include "run_cases.h"\n')
        table = Table()
        for name in sys.argv[1:]:
            requests(name, table)


if __name__ == "__main__":
    main()
