"""Prints what was measured, as tables, and writes it: `report.py FOLDER RESULTS.md`."""

import json
import os
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from budgets import BUDGETS, BY_HAND, OURS

HERE = Path(__file__).parent
LIMIT = "hash alone: "
GROUPS = {
    "Usual bodies": ["form", "1k-minified", "1k-pretty", "100k-minified", "100k-pretty", "1m-minified", "1m-pretty"],
    "Several secrets, of which the last has signed": [
        f"{body}-{count}-secrets" for body in ("form", "1k-pretty") for count in (2, 8)
    ],
    "Worst cases, 100 KiB": [
        f"worst-{name}"
        for name in ("white-space", "escapes", "nesting", "long-string", "short-tokens", "non-ascii", "nul-at-the-end")
    ],
}
CRATES = ("aws-lc-rs", "criterion", "openssl", "ring", "serde_json", "sha2", "standardwebhooks", "svix")


def of_criterion(folder):
    """Nanoseconds of each sample, by workload and column; Criterion's rounds are put together."""
    results = {}
    for path in sorted(folder.rglob("new/sample.json")):
        names = json.loads((path.parent / "benchmark.json").read_text())
        column, _, _ = names["function_id"].rpartition("/")
        sample = json.loads(path.read_text())
        times = [time / count for time, count in zip(sample["times"], sample["iters"], strict=True)]
        results.setdefault(names["group_id"], {}).setdefault(column, []).extend(times)
    return results


def of_pyperf(path):
    results = {}
    for benchmark in json.loads(path.read_text())["benchmarks"]:
        workload, _, column = benchmark["metadata"]["name"].partition("/")
        values = [value * 1e9 for run in benchmark["runs"] for value in run["values"]]
        results.setdefault(workload, {})[column] = values
    return results


def reference(language, workload, columns):
    """The median that a table's ratios refer to."""
    if language != "Rust":
        return median(columns[BY_HAND[language][not workload.startswith("form")]])
    hashes = int(found[1]) if (found := re.search(r"-(\d)-secrets", workload)) else 1
    return hashes * min(median(values) for name, values in columns.items() if name.startswith(LIMIT))


def ratio(language, workload, columns, column):
    """Rust: how many times the limit it takes. The others: how many times as fast as by hand it is."""
    base = reference(language, workload, columns)
    return median(columns[column]) / base if language == "Rust" else base / median(columns[column])


def duration(ns):
    for unit, size in (("ms", 1e6), ("µs", 1e3)):
        if ns >= size:
            return f"{ns / size:.3g} {unit}" if ns < 1000 * size else f"{ns / size:,.0f} {unit}"
    return f"{ns:.0f} ns"


def cell(language, workload, columns, column):
    if column not in columns:
        return "–"
    values = columns[column]
    low, _, high = quantiles(values, n=4)
    spread = (high - low) / 2 / median(values)
    return f"{duration(median(values))} ±{spread:.0%}, {ratio(language, workload, columns, column):.2f}x"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def rank(column):
    """Ours, by hand, peers, the hash."""
    for rank, beginning in ((0, OURS), (1, "by hand"), (3, LIMIT)):
        if column.startswith(beginning):
            return rank
    return 2


def tables(language, results):
    text = f"## {language}\n\n"
    if language == "Rust":
        text += "Each cell: median, half the interquartile range, times the fastest SHA-256 of the signed bytes.\n"
    else:
        text += "Each cell: median, half the interquartile range, how many times as fast as by hand.\n"
    for title, workloads in GROUPS.items():
        measured = {workload: results[workload] for workload in workloads}
        names = sorted(set().union(*measured.values()), key=lambda name: (rank(name), name))
        rows = [[name, *(cell(language, *each, name) for each in measured.items())] for name in names]
        text += f"\n{title}:\n\n{table(['', *workloads], rows)}"
    return text


def budgets(results):
    rows = []
    for budget in BUDGETS:
        columns = results[budget.language][budget.workload]
        measured = ratio(budget.language, budget.workload, columns, OURS)
        sign = "≤" if budget.language == "Rust" else "≥"
        against = "the limit" if budget.language == "Rust" else "as fast as by hand"
        verdicts = ["met" if budget.meets(measured, bound) else "**missed**" for bound in (budget.must, budget.aim)]
        row = [budget.language, budget.workload, f"{measured:.2f}x {against}"]
        row += [f"{sign} {budget.must:g}: {verdicts[0]}", f"{sign} {budget.aim:g}: {verdicts[1]}"]
        rows.append(row)
    return table(["language", "workload", "measured", "must", "aim"], rows)


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def revision():
    """Of the sources, where they are a clone."""
    git = subprocess.run(
        ["git", "-C", HERE, "describe", "--always"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return f", commit {git.stdout.strip()}" if git.returncode == 0 else ""


def conditions(folder, node, c):
    cpu = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)$", cpu, re.M)
    locked = tomllib.loads((HERE / "rust" / "Cargo.lock").read_text())["package"]
    crates = [f"{one['name']} {one['version']}" for one in locked if one["name"] in CRATES]
    pip = re.findall(r"^([\w-]+)==(.*)$", (HERE / "python" / "requirements.txt").read_text(), re.M)
    npm = json.loads((HERE / "node" / "package.json").read_text())["dependencies"].items()
    ask = "import platform, ssl; print(platform.python_version(), ssl.OPENSSL_VERSION.split()[1])"
    python, openssl = output(folder / "venv" / "bin" / "python", "-c", ask).split()
    load = (folder / "load").read_text().split()[0]
    versions = [
        f"Rust: rustc {output('rustc', '--version').split()[1]}; {', '.join(crates)}",
        f"Python: CPython {python} with OpenSSL {openssl}; {', '.join(map(' '.join, pip))}",
        f"Node: {node['node']} with OpenSSL {node['openssl']}; {', '.join(map(' '.join, npm))}",
        f"C: {output('cc', '--version').splitlines()[0]}, -O2; OpenSSL {c['openssl']}",
    ]
    sha = "has SHA-NI" if re.search(r"^flags.*\bsha_ni\b", cpu, re.M) else "has no SHA-NI"
    machine = f"{model[1] if model else 'unknown CPU'}, {os.cpu_count()} cores, {sha}"
    return [
        f"Date: {datetime.now(UTC):%Y-%m-%d}{revision()}",
        f"Machine: {machine}; load when it began: {load}",
        *versions,
    ]


def main():
    folder, target = map(Path, sys.argv[1:])
    node, c = (json.loads((folder / f"{name}.json").read_text()) for name in ("node", "c"))
    results = {
        "Rust": of_criterion(folder / "criterion"),
        "Python": of_pyperf(folder / "python.json"),
        "Node": node["results"],
        "C": c["results"],
    }
    text = "# What `make bench` measured\n\n"
    text += "Written by `benches/report.py`; [README.md](README.md) says what is compared and how.\n\n"
    text += "".join(f"- {line}\n" for line in conditions(folder, node, c))
    text += f"\n## Budgets\n\n{budgets(results)}"
    for language, measured in results.items():
        text += f"\n{tables(language, measured)}"
    target.write_text(text)
    print(text)


main()
