"""Prints which functions a delivery's flash and instructions go to:

    tests/firmware/attribution.py [MACHINE]
"""

import re
import subprocess
import sys

from budgets import MAIN
from cost import image_of, run
from delivery import deliveries
from image import WORK
from machines import MACHINES


def functions(image):
    """Address, size and name of all that has one."""
    command = [MACHINES[image.machine].tools + "nm", "--print-size", "--demangle", image.path]
    table = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = (re.match(r"(\w+) (\w+) [tTrRdD] (.*)", line) for line in table.splitlines())
    return {match[3]: (int(match[1], 16) & ~1, int(match[2], 16)) for match in found if match}


def main(machine):
    cases = deliveries(0).accepted
    # The object before its names were taken away.
    library = [WORK / MACHINES[machine].target / "linked.o"]
    known = functions(image_of(machine, "nothing", cases, library))
    image = image_of(machine, "delivery", cases, library)
    path = image.path.with_suffix(".counts")
    run(image, len(cases), f"counts={path}")
    counts = {int(address, 16): int(count) for address, count in map(str.split, path.read_text().splitlines())}
    rows = []
    for name, (begin, size) in functions(image).items():
        # The plugin's table begins anew every 2 MiB.
        executed = sum(counts.get(address & 0x1FFFFF, 0) for address in range(begin, begin + size, 2))
        rows.append((size if name not in known else 0, executed // len(cases), name))
    print("  bytes  instructions")
    for size, executed, name in sorted(rows, reverse=True):
        if size or executed:
            print(f"{size:7,} {executed:13,}  {name}")


if __name__ == "__main__":
    main(*(sys.argv[1:] or [MAIN]))
