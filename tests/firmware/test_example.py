"""The receiver of ffi-c/examples/bare_metal.c on every machine: what it answers, and what it acts upon."""

import hashlib
import json
import subprocess
import unittest

from delivery import c_bytes
from image import HERE, ROOT, WORK, Image, compile_image, memory
from machines import MACHINES

SECRET = b"a35974bdf1c769b8bb"
URL = b"https://hooks.example.com/kore/"
TIME = "2024-09-25T19:09:48Z"
NOW_MS = 1_727_291_388_000


def event(name, **more):
    return {"source": "kore-events", "id": name, "time": TIME, "data": {"state": "active"}, **more}


def post(value, *, sent=None, secret=SECRET, token="RQ1"):
    """A request as KORE sends it; `sent` is another body than the one that was signed."""
    signed = json.dumps(value, separators=(",", ":")).encode()
    body = json.dumps(value, indent=2).encode() if sent is None else sent
    signature = hashlib.sha256(secret + b"POST" + URL + signed).hexdigest()
    lines = ["POST /kore/ HTTP/1.1", "Host: hooks.example.com", "Content-Type: application/json"]
    lines += [f"Content-Length: {len(body)}", f"Kore-Signature: {signature}", f"Kore-Idempotency-Token: {token}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


# Requests and what becomes of them.
SCRIPT = [
    (post(event("e1")), "e1 204"),
    (post(event("e1")), "204"),  # a retry, already acted upon
    (post([event("e2"), event("e3")], token="RQ2"), "e2 e3 204"),
    (post(event("fails-once"), token="RQ3"), "fails-once 503"),
    (post(event("fails-once"), token="RQ3"), "fails-once 204"),
    (post(event("e4"), sent=b'{"id":"e4","state":"terminated"}'), "signature-mismatch 401"),
    (post(event("e5"), secret=b"another secret 1"), "signature-mismatch 401"),
    (post(event("e6"), sent=b'{"id":"e6",}'), "json-malformed 401"),
    (post(event("e7", data="x" * 2000)), "body-too-large 413"),
    (post(event("e8"))[:-1], "400"),
    (b"\x16\x03\x01\x02", "400"),
    (b"POST /kore/ HTTP/1.1\r\nHost: hooks.example.com\r\n\r\n", "411"),
    (b"GET " + b"x" * 2000, "431"),
]


def header():
    lines = [f"enum {{ REQUESTS = {len(SCRIPT)} }};", f"#define NOW_MS {NOW_MS}u"]
    for name, data in (("url", URL), ("secret", SECRET)):
        lines.append(f"static const uint8_t {name}_bytes[] = {c_bytes(data)};")
        lines.append(f"static const korewebhook_bytes {name} = {{{name}_bytes, sizeof {name}_bytes}};")
    for at, (request, _) in enumerate(SCRIPT):
        lines.append(f"static const uint8_t request_{at}[] = {c_bytes(request)};")
    rows = ", ".join(f"{{request_{at}, sizeof request_{at}}}" for at in range(len(SCRIPT)))
    return "\n".join([*lines, f"static const korewebhook_bytes requests[REQUESTS] = {{{rows}}};", ""])


EXPECTED = "".join(f"{answer}\n" for _, answer in SCRIPT)


class Example(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (WORK / "requests.h").write_text(header())

    def test_the_receiver(self):
        for machine in MACHINES:
            with self.subTest(machine):
                sources = ["images/receiver.c", "../../ffi-c/examples/bare_metal.c"]
                flags = ["-I", ROOT / "ffi-c" / "examples", "-I", WORK]
                self.assertEqual(compile_image(machine, "receiver", sources, flags=flags).run(), (0, EXPECTED))

    def test_in_a_project_of_cmake(self):
        machine = "Cortex-M4F"
        build = WORK / "cmake"
        places = ";".join(f"-Wl,--defsym={place}" for place in memory(machine))
        command = ["cmake", "-S", HERE / "integration", "-B", build, f"-DREQUESTS={WORK}", f"-DPLACES={places}"]
        subprocess.run([*command, f"-DCPU={';'.join(MACHINES[machine].cpu)}"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", build], check=True, stdout=subprocess.DEVNULL)
        self.assertEqual(Image(machine, build / "receiver").run(), (0, EXPECTED))


if __name__ == "__main__":
    unittest.main()
