"""The shared vectors on every machine: each case of each list, and none left out."""

import json
import subprocess
import sys
import unittest

from image import ROOT, WORK, compile_image
from machines import MACHINES

# As the image runs them: twice with the firmware's own SHA-256.
RUNS = ["cases", "opt_in", "rotation", "cases", "rotation", "hmac"]
LISTS = ["cases", "opt_in", "rotation", "hmac"]
# A secret with a NUL, which no verifier of C's takes.
REFUSED = {"hmac_key_zero_padded_equivalent"}


def expected():
    lines = []
    for name in RUNS:
        cases = json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text())["cases"]
        accepted = sum(case["expect"] == "accept" and case["name"] not in REFUSED for case in cases)
        lines.append(f"{name} {accepted} {len(cases) - accepted}\n")
    return "".join(lines)


class Vectors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tables = subprocess.run(
            [sys.executable, ROOT / "tests" / "c" / "cases.py", *LISTS], check=True, capture_output=True, text=True
        ).stdout
        (WORK / "cases.h").write_text(tables)

    def test_requests(self):
        for machine in MACHINES:
            with self.subTest(machine):
                sources = ["images/cases.c", "images/sha256.c", "../c/run_cases.c"]
                flags = ["-I", ROOT / "tests" / "c", "-I", WORK]
                image = compile_image(machine, "cases", sources, flags=flags)
                self.assertEqual(image.run(), (0, expected()))


if __name__ == "__main__":
    unittest.main()
