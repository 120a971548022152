"""The examples: compiled as their readers would, and run."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "ffi-c" / "examples"
SECRET = "a35974bdf1c769b8bb"
URL = "https://hooks.example.com/kore/"
EVENT = b'{ "source": "kore-events", "id": "e1",\n "data": {"sim_sid": "HS01"} }'
SIGNED = b'{"source":"kore-events","id":"e1","data":{"sim_sid":"HS01"}}'


def request(body: bytes, signed: bytes, token: str = "RQ1", secret: str = SECRET) -> bytes:
    signature = hashlib.sha256(secret.encode() + b"POST" + URL.encode() + signed).hexdigest()
    lines = [
        "POST /kore/ HTTP/1.1",
        "Host: hooks.example.com",
        f"Content-Length: {len(body)}",
        "Content-Type: application/json",
        f"Kore-Idempotency-Token: {token}",
        f"Kore-Signature: {signature}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def delivery_key(signed: bytes) -> str:
    digest = hashlib.sha256(b"korewebhook/replay/1")
    for part in [b"POST", URL.encode()]:
        digest.update(len(part).to_bytes(8, "big") + part)
    digest.update(signed)
    return digest.hexdigest()


def build(name: str, work: Path, flags: list[str], libraries: list[str]) -> Path:
    program = work / f"example-{name}"
    for compiler in ["clang", "gcc"]:
        command = [compiler, *flags, "-O2", EXAMPLES / f"{name}.c", *libraries, "-o", program]
        subprocess.run(command, check=True)
    return program


def mbedtls(program: Path) -> None:
    said = subprocess.run([program], check=True, capture_output=True, text=True).stdout
    assert said == '{"field1":"value1","field2":"value2"}\n', said
    names = subprocess.run(["nm", program], check=True, capture_output=True, text=True).stdout
    assert "mbedtls_sha256_update" in names, "Mbed TLS is linked"


def stream(program: Path) -> None:
    env = {**os.environ, "KOREWEBHOOK_SECRET": SECRET}

    def say(data: bytes) -> tuple[int, str, str]:
        done = subprocess.run([program, URL], input=data, capture_output=True, env=env)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    assert say(request(EVENT, SIGNED)) == (0, f"{len(EVENT)} bytes, {len(SIGNED)} signed, key {delivery_key(SIGNED)}\n", "")
    large = b"[" + b" 1 ,\n" * 100_000 + b"2]"
    small = b"[" + b"1," * 100_000 + b"2]"
    code, said, _ = say(request(large, small))
    assert (code, said) == (0, f"{len(large)} bytes, {len(small)} signed, key {delivery_key(small)}\n"), said
    code, said, why = say(request(EVENT, SIGNED, secret="another secret"))
    assert code == 1 and said == "" and why.startswith("refused: signature-mismatch: "), why
    code, _, why = say(b"nothing of the kind")
    assert code == 1 and "head-malformed" in why, why


def gateway(program: Path) -> None:
    env = {**os.environ, "KOREWEBHOOK_SECRET": SECRET}
    server = subprocess.Popen([program, "0", URL], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    assert server.stdout is not None and server.stderr is not None
    try:
        port = int(server.stdout.readline())

        def send(*parts: bytes) -> int:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                for part in parts:
                    connection.sendall(part)
                return int(connection.makefile("rb").readline().split()[1])

        good = request(EVENT, SIGNED)
        assert send(good) == 204
        assert server.stdout.readline() == SIGNED + b"\n"
        assert send(good) == 204, "a retry is acknowledged and not handled again"
        forged = request(EVENT, SIGNED, secret="another secret")
        assert send(forged) == 401
        assert server.stderr.readline().startswith(b"refused: signature-mismatch: ")
        assert send(request(SIGNED[:-1] + b" " * 70_000 + b"}", SIGNED)) == 413
        assert server.stderr.readline() == b"refused: body-too-large\n"
        assert send(b"POST / HTTP/1.1\r\nno colon\r\n\r\n") == 400
        # In three pieces, and another event.
        other = SIGNED.replace(b"e1", b"e2")
        data = request(other, other, token="RQ2")
        assert send(data[:20], data[20:-10], data[-10:]) == 204
        assert server.stdout.readline() == other + b"\n"
    finally:
        server.kill()
        server.wait()


def run(work: Path, flags: list[str], libraries: list[str]) -> None:
    mbedtls(build("mbedtls", work, flags, [*libraries, "-lmbedcrypto"]))
    stream(build("stream", work, flags, libraries))
    gateway(build("gateway", work, flags, libraries))
    print("examples: gateway, stream, mbedtls")
