"""The delivery that is measured.

Five header fields of 169 bytes, 191 signed bytes of which 145 are of the body, as JSON is written by people: a space after
each colon and comma. The right signature, and wrong ones that differ in one place each.
"""

import hashlib
import random
from dataclasses import dataclass

URL = b"https://m.example.com/k/"
BODY = (
    b'{ "source": "kore-events", "id": "0f8fad5b-d9cb-469f-a165-70867728950e", "type": "state", '
    b'"time": "2024-09-25T19:09:48Z", "data": { "sim": "HS01", "up": true } }'
)
SIGNATURE_LEN = 64
SECRET_LEN = 18
MISMATCH = 71
SECRETS = 12


def canonical(body):
    return bytes(byte for byte in body if byte not in b" ")


def field_lines(body):
    fields = [b"Host: m.example.com", b"Accept: */*", b"Content-Type: application/json"]
    fields += [b"Content-Length: %d" % len(body), b"Kore-Signature: " + b"0" * SIGNATURE_LEN]
    return b"".join(field + b"\r\n" for field in fields)


assert (len(field_lines(BODY)), len(canonical(BODY)), len(URL)) == (169, 145, 24)


@dataclass(frozen=True)
class Delivery:
    secret: bytes
    signature: bytes
    expected: int


@dataclass(frozen=True)
class Deliveries:
    accepted: list[Delivery]  # with secrets of all kinds
    refused: list[Delivery]  # the same, wrong in one place each, from the first to the last
    strangers: list[Delivery]  # one and the same request, signed with a secret that isn't ours

    def all(self):
        return self.accepted + self.refused + self.strangers


def deliveries(seed, body=BODY):
    choose = random.Random(seed)

    def signed():
        secret = bytes(choose.randint(0x21, 0x7E) for _ in range(SECRET_LEN))
        return secret, hashlib.sha256(secret + b"POST" + URL + canonical(body)).hexdigest().encode()

    accepted = [Delivery(*signed(), 0) for _ in range(SECRETS)]
    refused = []
    for place in range(SIGNATURE_LEN):
        secret, signature = signed()
        other = choose.choice(b"0123456789abcdef".replace(signature[place : place + 1], b""))
        refused.append(Delivery(secret, signature[:place] + bytes([other]) + signature[place + 1 :], MISMATCH))
    strangers = [Delivery(signed()[0], accepted[0].signature, MISMATCH) for _ in range(SECRETS)]
    return Deliveries(accepted, refused, strangers)


def c_bytes(data):
    return "{" + ",".join(map(str, data)) + "}"


def longer_body(copies):
    """An array of such bodies."""
    return b"[" + b", ".join([BODY] * copies) + b"]"


def write_header(path, cases, body=BODY):
    lines = field_lines(body)
    rows = ",\n".join(f"    {{{c_bytes(d.secret)}, {c_bytes(d.signature)}, {d.expected}}}" for d in cases)
    path.write_text(
        f"""#include <stdint.h>
enum {{ SECRET_LEN = {SECRET_LEN}, SIGNATURE_AT = {lines.index(b"0" * SIGNATURE_LEN)} }};
static const uint8_t url[] = {c_bytes(URL)};
static const uint8_t field_lines[] = {c_bytes(lines)};
static const uint8_t body[] = {c_bytes(body)};
static const struct {{ uint8_t secret[{SECRET_LEN}], signature[{SIGNATURE_LEN}]; int32_t expected; }} deliveries[] = {{
{rows}
}};
"""
    )
