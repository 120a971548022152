"""Deliveries as KORE makes them, and forgeries of them, sent over real HTTP to a real `korewebhook listen`.

    python3 demo.py PATH-OF-KOREWEBHOOK

Everything is signed here with hashlib, independently of the code under test. Exits with 1 if anything differs from what it should be.
"""

import hashlib
import http.client
import json
import os
import queue
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

URL = "https://hooks.example.com/kore/"  # as registered; the listener itself is reached over loopback
ACTIVE, PENDING = b"a35974bdf1c769b8bb", b"f4d430d03cff6f03e1"  # a rotation: KORE signs with one of them
FORM = "application/x-www-form-urlencoded; charset=utf-8"
CALLBACK = (
    b"ApiVersion=v1&SimUniqueName=my_super_sim&SimSid=HSab3f06be8f5d32caecb91e8a306c6c08"
    b"&SimStatus=active&AccountSid=AC3ba717b1d236e6c4a835e46130267eb4"
)


class Refuted(Exception):
    """Something is not as it should be."""


def check(holds: bool, claim: str) -> None:
    if not holds:
        raise Refuted(claim)


def sign(secret: bytes, body: bytes, url: str = URL) -> str:
    """KORE's signature: a plain SHA-256 of secret, method, URL and body."""
    return hashlib.sha256(secret + b"POST" + url.encode() + body).hexdigest()


# --- What an attacker brings along: a SHA-256 that can go on where another one ended (FIPS 180-4). ---


def primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


def root_bits(n: int, degree: int) -> int:
    """The first 32 bits of the fractional part of a root of n, in integers."""
    target, low, high = n << (32 * degree), 0, n << 32
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**degree <= target else (low, middle - 1)
    return low & 0xFFFFFFFF


K = [root_bits(prime, 3) for prime in primes(64)]
INITIAL = [root_bits(prime, 2) for prime in primes(8)]


def rotate(x: int, n: int) -> int:
    return (x >> n | x << (32 - n)) & 0xFFFFFFFF


def compress(state: list[int], block: bytes) -> list[int]:
    w = list(struct.unpack(">16I", block))
    for t in range(16, 64):
        s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3
        s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10
        w.append((w[t - 16] + s0 + w[t - 7] + s1) & 0xFFFFFFFF)
    a, b, c, d, e, f, g, h = state
    for k, word in zip(K, w):
        s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
        t1 = h + s1 + (e & f ^ ~e & g) + k + word
        s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
        t2 = s0 + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = (t1 + t2) & 0xFFFFFFFF, a, b, c, (d + t1) & 0xFFFFFFFF, e, f, g
    return [(x + y) & 0xFFFFFFFF for x, y in zip(state, (a, b, c, d, e, f, g, h))]


def padding(length: int) -> bytes:
    return b"\x80" + bytes((55 - length) % 64) + struct.pack(">Q", 8 * length)


def sha256(message: bytes, state: list[int] = INITIAL, hashed: int = 0) -> str:
    """The digest of a message of which `hashed` bytes have already led to `state`."""
    text = message + padding(hashed + len(message))
    for at in range(0, len(text), 64):
        state = compress(state, text[at : at + 64])
    return struct.pack(">8I", *state).hex()


def extend(signature: str, body: bytes, suffix: bytes, secret_length: int) -> tuple[str, bytes]:
    """A valid signature of body, glue and suffix, without the secret: its length is enough."""
    length = secret_length + len(b"POST" + URL.encode() + body)
    glue = padding(length)
    state = list(struct.unpack(">8I", bytes.fromhex(signature)))
    return sha256(suffix, state, length + len(glue)), body + glue + suffix


# --- The listener, and what it says. ---


class Row(NamedTuple):
    """A line of the table: what was delivered, and all that came of it."""

    delivery: str
    answer: int
    verdict: str
    reason: str
    inbox_rows: int


class Listener:
    def __init__(self, command: str, folder: Path) -> None:
        self.command, self.inbox = command, folder / "inbox.sqlite"
        self.process = subprocess.Popen(
            [command, "listen", "--url", URL, "--addr", "127.0.0.1:0", "--inbox", str(self.inbox)],
            env={**os.environ, "KOREWEBHOOK_SECRET": (ACTIVE + b"," + PENDING).decode()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: queue.Queue[str] = queue.Queue()
        reader = threading.Thread(target=self.read_log, daemon=True)
        reader.start()
        first = self.process.stdout.readline()
        if not first.startswith("listening on 127.0.0.1:"):
            self.process.kill()
            self.process.wait()
            reader.join()
            raise Refuted(f"the listener did not start: {list(self.lines.queue)}")
        self.address = first.split()[-1]

    def read_log(self) -> None:
        for line in self.process.stderr:
            self.lines.put(line.rstrip("\n"))

    def outcome(self) -> dict[str, str]:
        """The listener's next line about a request."""
        try:
            line = self.lines.get(timeout=10)
        except queue.Empty:
            raise Refuted("the listener wrote no line about the request") from None
        check(line.startswith("status="), f"the listener said: {line}")
        return dict(field.split("=", 1) for field in line.split())

    def query(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(f"file:{self.inbox}?mode=ro", uri=True)) as inbox:
            return inbox.execute(sql).fetchall()

    def rows(self, table: str) -> int:
        return self.query(f"SELECT count(*) FROM {table}")[0][0]

    def row(self, name: str, answer: int) -> Row:
        said = self.outcome()
        check(int(said["status"]) == answer, f"{name}: answered {answer}, but logged {said['status']}")
        reason = said["code"] if said["code"] != "-" else f"signed by secret {said['secret']}"
        return Row(name, answer, said["outcome"], reason, self.rows("delivery"))

    def post(self, name: str, body: bytes, signature: str, token: str, content_type: str = FORM) -> Row:
        """Delivers as KORE does, with http.client."""
        headers = {
            "User-Agent": "KoreProxy/1.1",
            "Content-Type": content_type,
            "Date": "2024-07-03T14:40:58Z",
            "Kore-Idempotency-Token": token,
            "Kore-Signature": signature,
        }
        connection = http.client.HTTPConnection(self.address, timeout=15)
        connection.request("POST", "/kore/?unsigned=query", body, headers)
        response = connection.getresponse()
        check(response.read() == b"", f"{name}: the answer has a body")
        connection.close()
        return self.row(name, response.status)

    def send(self, name: str, body: bytes, token: str) -> Row:
        """Delivers with the command `korewebhook send`."""
        done = subprocess.run(
            [self.command, "send", "--url", URL, "--to", f"http://{self.address}/kore/", "--token", token],
            env={**os.environ, "KOREWEBHOOK_SECRET": ACTIVE.decode()},
            input=body,
            capture_output=True,
            timeout=30,
        )
        check(done.returncode == 0, f"{name}: send ended with {done.returncode}: {done.stderr.decode()}")
        return self.row(name, int(done.stdout))

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Refuted("the listener did not stop when told to") from None


def cloud_event(number: int) -> dict[str, object]:
    return {
        "id": f"EV{number:032x}",
        "time": "2024-09-25T19:09:48.5842087+00:00",
        "type": "com.kore.supersim.connection.data-session.updated",
        "source": "kore-events",
        "dataschema": "/schemas/supersim/1",
        "specversion": "1.0",
        "datacontenttype": "application/json",
        "data": {"sim_sid": "HSab3f06be8f5d32caecb91e8a306c6c08", "data_total": 8988307000000000123 + number},
    }


def deliver(listener: Listener) -> list[tuple[Row, Row]]:
    """Makes every delivery and returns what came of it, beside what should have."""
    results: list[tuple[Row, Row]] = []

    def expect(row: Row, answer: int, verdict: str, reason: str, inbox_rows: int) -> None:
        results.append((row, Row(row.delivery, answer, verdict, reason, inbox_rows)))

    print("1. KORE's sample form callback, 145 bytes, signed as it stands with the active secret.")
    check(len(CALLBACK) == 145, "the sample has 145 bytes")
    signature = sign(ACTIVE, CALLBACK)
    expect(
        listener.post("form callback", CALLBACK, signature, "RQa48ec9b6ef475034c35566c02b654243"),
        *(204, "new", "signed by secret 0", 1),
    )

    print("2. Two CloudEvents in an array: pretty-printed on the wire, signed minified.")
    events = [cloud_event(1), cloud_event(2)]
    pretty = json.dumps(events, indent=4).encode()
    minified = json.dumps(events, separators=(",", ":")).encode()
    token = "RQ0123456789abcdef0123456789abcdef"
    row = listener.post("pretty CloudEvents array", pretty, sign(ACTIVE, minified), token, "application/json")
    expect(row, 204, "new", "signed by secret 0", 2)

    print("3. Its retry with the same token, now through `korewebhook send`: acknowledged, not stored again.")
    expect(listener.send("its retry", pretty, token), 204, "duplicate", "signed by secret 0", 2)

    print("4. The form callback, length-extended: a valid signature, made from the captured one without the secret.")
    for message in (b"", b"abc", CALLBACK):
        check(sha256(message) == hashlib.sha256(message).hexdigest(), "our SHA-256 agrees with hashlib")
    forged_signature, forged = extend(signature, CALLBACK, b"&SimStatus=inactive", len(ACTIVE))
    check(forged_signature == sign(ACTIVE, forged), "a verifier that only compares would accept the extension")
    row = listener.post("length-extended forgery", forged, forged_signature, "RQforged")
    expect(row, 401, "refused", "nul-in-body", 2)

    print("5. A callback signed for a longer URL, delivered here with the rest of that URL moved into the body.")
    rest = "billing/"
    moved, moved_signature = rest.encode() + CALLBACK, sign(ACTIVE, CALLBACK, URL + rest)
    check(moved_signature == sign(ACTIVE, moved), "a verifier that only compares would accept the moved body")
    row = listener.post("moved across the URL boundary", moved, moved_signature, "RQmoved")
    expect(row, 401, "refused", "form-first-key", 2)

    print("6. The callback with one word changed.")
    tampered = CALLBACK.replace(b"SimStatus=active", b"SimStatus=inactive")
    row = listener.post("tampered body", tampered, signature, "RQtampered")
    expect(row, 401, "refused", "signature-mismatch", 2)

    print("7. The callback signed with a secret that is not ours.")
    row = listener.post("wrong secret", CALLBACK, sign(b"0123456789abcdef01", CALLBACK), "RQwrong")
    expect(row, 401, "refused", "signature-mismatch", 2)

    print("8. Another callback, signed with the pending secret: somebody has just activated it.")
    after = CALLBACK.replace(b"SimStatus=active", b"SimStatus=ready")
    row = listener.post("pending secret of a rotation", after, sign(PENDING, after), "RQpending")
    expect(row, 204, "new", "signed by secret 1", 3)

    check(listener.rows("item") == 4, "the inbox holds four items: two callbacks, two events")
    bodies = [body for (body,) in listener.query("SELECT body FROM delivery ORDER BY id")]
    check(bodies == [CALLBACK, minified, after], "the inbox holds what was signed, byte for byte")
    return results


def show(rows: list[Row]) -> None:
    table = [tuple(field.replace("_", " ") for field in Row._fields), *(tuple(map(str, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table)]
    for at, line in enumerate(table):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
        if at == 0:
            print("  ".join("-" * width for width in widths))


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        listener = Listener(sys.argv[1], Path(folder))
        print(f"korewebhook listens on {listener.address} for {URL}\n")
        try:
            results = deliver(listener)
        finally:
            code = listener.stop()
        check(code == 0, f"the listener stopped with exit code {code}")
    print()
    show([row for row, _ in results])
    for row, expected in results:
        check(row == expected, f"{row} should be {expected}")
    print(f"\nAll {len(results)} deliveries were answered as they should be.")


if __name__ == "__main__":
    try:
        main()
    except Refuted as error:
        sys.exit(f"demo failed: {error}")
