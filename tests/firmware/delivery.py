"""The delivery that is measured, and what it costs.

Five header fields of 169 bytes, 191 signed bytes of which 145 are of the body, as JSON is written by people: a space after
each colon and comma. The right signature, and wrong ones that differ in one place each.
"""

import hashlib
import random
import subprocess
from dataclasses import dataclass

from image import HERE, WORK, compile_image
from machines import MACHINES

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


LINES = field_lines(BODY)
SIGNATURE_AT = LINES.index(b"0" * SIGNATURE_LEN)
assert (len(LINES), len(canonical(BODY)), len(URL)) == (169, 145, 24)


@dataclass(frozen=True)
class Delivery:
    secret: bytes
    signature: bytes
    expected: int


@dataclass(frozen=True)
class Cost:
    """What one delivery took."""

    instructions: int
    stack: int
    code: str
    data: str


@dataclass(frozen=True)
class Costs:
    flash: int
    static_ram: int
    storage: int
    accepted: list[Cost]
    refused: list[Cost]

    @property
    def stack(self):
        return max(cost.stack for cost in self.accepted + self.refused)

    @property
    def instructions(self):
        return max(cost.instructions for cost in self.accepted)


def deliveries(seed):
    """Accepted ones with secrets of all kinds, and refused ones that differ from the first to the last place."""
    choose = random.Random(seed)

    def signed():
        secret = bytes(choose.randint(0x21, 0x7E) for _ in range(SECRET_LEN))
        return secret, hashlib.sha256(secret + b"POST" + URL + canonical(BODY)).hexdigest().encode()

    accepted = [Delivery(*signed(), 0) for _ in range(SECRETS)]
    refused = []
    for place in range(SIGNATURE_LEN):
        secret, signature = signed()
        other = choose.choice(b"0123456789abcdef".replace(signature[place : place + 1], b""))
        refused.append(Delivery(secret, signature[:place] + bytes([other]) + signature[place + 1 :], MISMATCH))
    refused += [Delivery(secret=signed()[0], signature=signed()[1], expected=MISMATCH) for _ in range(SECRETS)]
    return accepted, refused


def c_bytes(data):
    return "{" + ",".join(map(str, data)) + "}"


def write_header(path, cases):
    rows = ",\n".join(f"    {{{c_bytes(d.secret)}, {c_bytes(d.signature)}, {d.expected}}}" for d in cases)
    path.write_text(
        f"""#include <stdint.h>
enum {{ SECRET_LEN = {SECRET_LEN}, SIGNATURE_AT = {SIGNATURE_AT} }};
static const uint8_t url[] = {c_bytes(URL)};
static const uint8_t field_lines[] = {c_bytes(LINES)};
static const uint8_t body[] = {c_bytes(BODY)};
static const struct {{ uint8_t secret[{SECRET_LEN}], signature[{SIGNATURE_LEN}]; int32_t expected; }} deliveries[] = {{
{rows}
}};
"""
    )


def plugin():
    source, built = HERE / "plugin" / "cost.c", WORK / "cost.so"
    command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-fvisibility=hidden", source, "-o", built]
    subprocess.run(command, check=True)
    return built


def run(image, count, *more):
    """Runs an image under the plugin: a cost for each delivery."""
    machine = MACHINES[image.machine]
    top = machine.ram + machine.ram_size
    out = image.path.with_suffix(".costs")
    places = {"begin": image.address("deliver"), "end": image.address("delivered"), "low": machine.ram, "high": top}
    arguments = ",".join(f"{name}={value:#x}" for name, value in places.items())
    status, text = image.run("-plugin", ",".join([str(WORK / "cost.so"), arguments, f"out={out}", *more]))
    if status:
        raise AssertionError(f"{image.path.name} on {image.machine}: status {status}\n{text}")
    rows = [line.split() for line in out.read_text().splitlines()]
    assert len(rows) == count, f"{len(rows)} of {count} deliveries"
    storage, stack = map(int, text.split())
    return [Cost(int(row[0]), stack - int(row[3]), row[4], row[5]) for row in rows], storage


def measure(machine, *, own_sha256=False, seed=0, flags=()):
    """Builds and runs the images of one machine."""
    accepted, refused = deliveries(seed)
    directory = WORK / "images" / machine
    directory.mkdir(parents=True, exist_ok=True)
    write_header(directory / "deliveries.h", accepted + refused)
    plugin()
    sources = ["images/delivery.c", "images/sha256.c"]
    common = ["-I", HERE / "images", *flags]
    nothing = compile_image(machine, "nothing", sources, flags=[*common, "-DNOTHING"])
    name, define = ("own-sha256", ["-DOWN_SHA256"]) if own_sha256 else ("delivery", [])
    image = compile_image(machine, name, sources, flags=[*common, *define])
    costs, storage = run(image, len(accepted + refused), f"counts={image.path.with_suffix('.counts')}")
    base, full = nothing.sections(), image.sections()

    def more(*names):
        return sum(full.get(name, 0) - base.get(name, 0) for name in names)

    flash = more(".text", ".rodata", ".data")
    return Costs(flash, more(".data", ".bss"), storage, costs[: len(accepted)], costs[len(accepted) :])


if __name__ == "__main__":
    import sys

    for own in (False, True):
        costs = measure(sys.argv[1], own_sha256=own)
        print(own, costs.flash, costs.static_ram, costs.storage, costs.stack, costs.instructions)
        print({(c.instructions, c.code, c.data) for c in costs.accepted})
        print({(c.instructions, c.code, c.data) for c in costs.refused})
