"""Counts instructions and compares: `check.py instructions` with baseline.json, which `--renew` writes, and
`check.py growth` each size with the others.

The counts depend on nothing of the machine that the kind of code is chosen by at run time: the C library is told
to copy as on the oldest x86-64, and Valgrind hides the rest.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BASELINE = HERE / "baseline.json"

# By how much a case may differ from its baseline.
TOLERANCE = 0.03
# The same where another compiler made the baseline: only a change that no compiler makes is seen then.
OTHER_COMPILER = 0.20
# The order and bytes of growth.rs, and how far apart the costs of a further byte may be: by so much of them, and by
# so many instructions, as a short body may be taken in another way.
SIZES = (1 << 10, 64 << 10, 1 << 20, 64 << 20)
SPREAD = 0.05
SLACK = 0.05

SETTINGS = {
    "GUNGRAUN_CALLGRIND_ARGS": "--cache-sim=no",
    "GUNGRAUN_OUTPUT_FORMAT": "json",
    "GUNGRAUN_PARALLEL": "2",
    "GUNGRAUN_ENVS": "GLIBC_TUNABLES=glibc.cpu.hwcaps="
    "-AVX2,-AVX512VL,-AVX_Fast_Unaligned_Load,-BMI2,-ERMS,-FSRM,-Fast_Unaligned_Copy,-SSE4_1,-SSSE3",
}


def count(bench):
    """Instructions of each case of a bench, by name."""
    home = ROOT / "target" / "cost" / bench
    shutil.rmtree(home, ignore_errors=True)
    command = [os.environ.get("CARGO", "cargo"), "bench", "--locked", "--package", "korewebhook-cost", "--bench", bench]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | SETTINGS | {"GUNGRAUN_HOME": str(home)}, stdout=subprocess.PIPE, text=True
    )
    if run.returncode != 0:
        sys.exit(f"{bench}: a case did not run: see above")
    counts = {}
    for case in map(json.loads, run.stdout.splitlines()):
        [callgrind] = case["profiles"]
        counts[f"{case['function_name']}.{case['id']}"] = callgrind["data"]["total"]["metrics"]["Ir"]["values"]["new"]
    return counts


def compiler():
    return subprocess.run(["rustc", "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.split()[1]


def instructions(renew):
    counts = count("instructions")
    if renew:
        BASELINE.write_text(json.dumps({"rustc": compiler(), "instructions": counts}, indent=2) + "\n")
        print(f"instructions: baseline of {len(counts)} cases renewed")
        return []
    baseline = json.loads(BASELINE.read_text())
    same = baseline["rustc"] == compiler()
    tolerance = TOLERANCE if same else OTHER_COMPILER
    wrong = [f"{case}: not in both of baseline and bench" for case in counts.keys() ^ baseline["instructions"].keys()]
    for case in counts.keys() & baseline["instructions"].keys():
        before, now = baseline["instructions"][case], counts[case]
        if abs(now / before - 1) > tolerance:
            verb = "dearer" if now > before else "cheaper"
            wrong.append(f"{case}: {now:,} instructions, the baseline has {before:,}: {now / before - 1:+.1%}, {verb}")
    if wrong:
        wrong.append("where that is meant, renew benches/cost/baseline.json: make bench-baseline")
    by = "" if same else f" of Rust {baseline['rustc']}"
    print(f"instructions: {len(counts)} cases compared with the baseline{by}, tolerance {tolerance:.0%}")
    return sorted(wrong)


def growth():
    counts = count("growth")
    wrong = []
    kinds = {name.rpartition("_")[0] for name in counts}
    for kind in sorted(kinds):
        points = [(size, counts[f"{kind}_{index}"]) for index, size in enumerate(SIZES)]
        costs = [(after[1] - before[1]) / (after[0] - before[0]) for before, after in pairwise(points)]
        print(f"growth: {kind}: {', '.join(f'{cost:.2f}' for cost in costs)} instructions for a further byte")
        if max(costs) > min(costs) * (1 + SPREAD) + SLACK:
            wrong.append(f"{kind}: a byte of a larger body costs another number of instructions: {costs}")
    if len(kinds) * len(SIZES) != len(counts) or not kinds:
        wrong.append(f"{len(counts)} counts are not {len(SIZES)} sizes of each of {len(kinds)} kinds")
    return wrong


def main():
    parser = argparse.ArgumentParser(description="what a delivery costs, in instructions")
    parser.add_argument("what", choices=["instructions", "growth"])
    parser.add_argument("--renew", action="store_true", help="write the baseline of the instructions")
    arguments = parser.parse_args()
    wrong = instructions(arguments.renew) if arguments.what == "instructions" else growth()
    sys.exit("\n".join(wrong) if wrong else 0)


main()
