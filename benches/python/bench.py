"""Measures the Python package beside hand-written code and peers: `bench.py BODIES RESULT`.

pyperf measures each benchmark in processes of its own, one benchmark after another; here all that is compared runs in
one process and in turns, so that what disturbs the machine for a while doesn't fall on one of them. pyperf keeps the
values: `python -m pyperf stats RESULT`.
"""

import sys
from pathlib import Path
from time import perf_counter_ns

import columns
import pyperf

ROUNDS = 9
ROUND_NS = 40_000_000
URL = "https://testendpoint.com/"


def read(index):
    """A workload: its name, content type, secrets, and for each delivery body, headers, verdict, length signed."""
    first, *lines = index.read_text().splitlines()
    content_type, *secrets = first.split(" ")
    bodies = index.with_suffix(".bodies").read_bytes()
    deliveries, at = [], 0
    for line in lines:
        accepted, signature, signed_len, length = line.split(" ")
        body, at = bodies[at : at + int(length)], at + int(length)
        headers = {
            "Host": "testendpoint.com",
            "User-Agent": "KoreProxy/1.1",
            "Date": "2024-09-25T19:09:48Z",
            "Content-Type": content_type,
            "Content-Length": length,
            "Kore-Idempotency-Token": "0123456789abcdef-0123",
            "Kore-Signature": signature,
        }
        deliveries.append((body, headers, accepted == "1", int(signed_len)))
    return index.stem, content_type, secrets, deliveries


def run(call, pairs, loops):
    begin = perf_counter_ns()
    for _ in range(loops):
        for body, headers in pairs:
            call(body, headers)
    return perf_counter_ns() - begin


def measure(compared):
    """Nanoseconds of one call, in each round: by name of the call."""
    loops = {}
    for name, (call, pairs) in compared.items():
        run(call, pairs, 1)
        loops[name] = max(1, ROUND_NS // max(1, run(call, pairs, 1)))
    values = {name: [] for name in compared}
    for _ in range(ROUNDS):
        for name, (call, pairs) in compared.items():
            values[name].append(run(call, pairs, loops[name]) / loops[name] / len(pairs))
    return loops, values


def main():
    bodies, result = map(Path, sys.argv[1:])
    benchmarks = []
    for index in sorted(bodies.glob("*.index")):
        workload = read(index)
        loops, values = measure(columns.of(URL, *workload))
        for name, each in values.items():
            metadata = {"name": f"{workload[0]}/{name}", "loops": loops[name]}
            seconds = [value / 1e9 for value in each]
            benchmarks.append(pyperf.Benchmark([pyperf.Run(seconds, metadata=metadata, collect_metadata=False)]))
    pyperf.BenchmarkSuite(benchmarks).dump(str(result), replace=True)


main()
