"""The shared vectors on every machine: each case of each list, and none left out."""

import json
import subprocess
import sys
import unittest

from image import HERE, ROOT, WORK, compile_image
from machines import MACHINES

# As the image runs them: twice with the firmware's own SHA-256.
RUNS = ["cases", "opt_in", "rotation", "cases", "rotation", "hmac"]
LISTS = ["cases", "opt_in", "rotation", "hmac"]
# As the host's program names them, and their lists.
PARTS = {
    "dates": ["dates"], "tokens": ["tokens"], "URLs": ["url_canonicalization"], "sets": ["url_sets"],
    "texts": ["json_canonicalization"], "standard": ["standard_webhooks"], "bearer": ["bearer"], "keys": ["keys"],
    "replays": ["replay_sequences"],
}
# A secret with a NUL, which no verifier of C's takes.
REFUSED = {"hmac_key_zero_padded_equivalent"}


def load(name):
    return json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text())["cases"]


def tables(*arguments):
    """What the generator that the host's tests use too makes of the lists."""
    command = [sys.executable, ROOT / "tests" / "c" / "cases.py", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def expected():
    lines = []
    for name in RUNS:
        cases = load(name)
        accepted = sum(case["expect"] == "accept" and case["name"] not in REFUSED for case in cases)
        lines.append(f"{name} {accepted} {len(cases) - accepted}\n")
    return "".join(lines)


class Vectors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        (WORK / "cases.h").write_text(tables(*LISTS))
        (WORK / "parts.h").write_text(tables("--parts"))

    def test_requests(self):
        for machine in MACHINES:
            with self.subTest(machine):
                sources = ["images/cases.c", "images/sha256.c", "../c/run_cases.c"]
                flags = ["-I", ROOT / "tests" / "c", "-I", WORK]
                image = compile_image(machine, "cases", sources, flags=flags)
                self.assertEqual(image.run(), (0, expected()))

    def test_parts(self):
        for machine in MACHINES:
            with self.subTest(machine):
                sources = ["libc/libc.c", "../c/parts.c"]
                image = compile_image(machine, "parts", sources, flags=["-I", HERE / "libc", "-I", WORK])
                status, text = image.run()
                self.assertEqual((status, text.splitlines()[:-1]), (0, []))
                for name, lists in PARTS.items():
                    self.assertIn(f" {sum(len(load(one)) for one in lists)} {name}", text)


if __name__ == "__main__":
    unittest.main()
