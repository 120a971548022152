"""What the shipped libraries name, need and hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

# Of libc, and nothing else of the machine.
ALLOWED = {"memcpy", "memmove", "memset", "memcmp", "bcmp"}
FOREIGN = re.compile(r"panic|core.?fmt|3fmt|unwind|eh_personality|alloc|malloc|_sbrk", re.IGNORECASE)
# One byte in which `sha2` keeps what the processor can.
STATIC_BYTES = 8


def output(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def declared(header: Path) -> set[str]:
    return set(re.findall(r"^[a-z].*?[ *](korewebhook_\w+)\(", header.read_text(), re.MULTILINE))


def table(file: Path, which: str = "--syms") -> list[list[str]]:
    """The symbols, as readelf has them: nm may see none in what has an unknown bitcode."""
    lines = output("readelf", which, "-W", file).splitlines()
    return [line.split() for line in lines if re.match(r"\s*\d+: [0-9a-f]{8}", line) and len(line.split()) > 7]


def plain(name: str) -> str:
    return name.split("@")[0]


def check_archive(archive: Path, header: Path) -> str:
    members = output("ar", "t", archive).split()
    assert members == ["korewebhook.o"], members
    rows = table(archive)
    outside = [row for row in rows if row[4] in ("GLOBAL", "WEAK")]
    defined = {row[7] for row in outside if row[6] != "UND"}
    assert defined == declared(header), defined ^ declared(header)
    needed = {row[7] for row in outside if row[6] == "UND"}
    assert needed <= ALLOWED, needed - ALLOWED
    foreign = [row[7] for row in rows if FOREIGN.search(row[7])]
    assert not foreign, foreign
    sections = output("readelf", "-SW", archive)
    assert ".llvmbc" not in sections and "korewebhook_verify" in output("readelf", "-sW", archive)
    held = {
        name: int(size, 16)
        for name, size in re.findall(r"\] (\.data\S*|\.bss\S*)\s+\w+\s+\w+\s+\w+\s+(\w+)", sections)
        if ".rel.ro" not in name
    }
    assert sum(held.values()) <= STATIC_BYTES, held
    return f"{len(defined)} functions, {sum(held.values())} static bytes, needs {' '.join(sorted(needed))}"


def check_positive(archive: Path) -> None:
    """What is looked for is found where it is: in the archive as the compiler leaves it."""
    assert any(FOREIGN.search(row[7]) for row in table(archive)), "nothing foreign where much is"


def check_shared(library: Path, header: Path, soname: str) -> str:
    dynamic = output("readelf", "-dW", library)
    assert f"Library soname: [{soname}]" in dynamic, dynamic
    rows = table(library, "--dyn-syms")
    defined = {plain(row[7]) for row in rows if row[6] not in ("UND", "ABS")}
    assert defined == declared(header), defined ^ declared(header)
    assert all("@@KOREWEBHOOK_0" in row[7] for row in rows if row[6] not in ("UND", "ABS")), "a version for each"
    needed = {plain(row[7]) for row in rows if row[6] == "UND" and row[4] == "GLOBAL" and len(row) > 7}
    assert needed <= ALLOWED, needed - ALLOWED
    return f"{soname}, {len(defined)} functions"
