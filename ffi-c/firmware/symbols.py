"""What the library's object may name: its functions, and nothing else in the world.

`readelf` reads the table itself. `nm` would ask a linker plugin first, where one is installed, and that sees no symbol at
all in an object with another compiler's bitcode.
"""

import re
import subprocess
from dataclasses import dataclass

# Of the compiler's runtime, none of these belongs into the library.
FOREIGN = re.compile(r"panic|4core3fmt|unwind|eh_personality|__rust_|__rg_|__rdl_|alloc|_sbrk")


@dataclass(frozen=True)
class Symbols:
    exported: frozenset[str]
    undefined: frozenset[str]
    local: frozenset[str]


def read(path):
    table = subprocess.run(["readelf", "-sW", path], check=True, capture_output=True, text=True).stdout
    sets = {"exported": set(), "undefined": set(), "local": set()}
    for line in table.splitlines():
        fields = line.split()
        if len(fields) < 8 or not fields[0].rstrip(":").isdigit():
            continue
        bind, index, name = fields[4], fields[6], fields[7]
        sets["local" if bind == "LOCAL" else "undefined" if index == "UND" else "exported"].add(name)
    return Symbols(**{key: frozenset(value) for key, value in sets.items()})


# What every C library of a Linux has, and its copy is the faster one.
OF_LIBC = frozenset({"memcpy", "memmove", "memset", "memcmp", "bcmp"})


def faults(symbols, functions, allowed=frozenset()):
    """What is wrong with the object, in words; empty where it is as it should be."""
    # A table without our own functions was not read at all.
    missing = functions - symbols.exported
    found = [f"not there: {name}" for name in sorted(missing)]
    found += [f"undefined: {name}" for name in sorted(symbols.undefined - allowed)]
    found += [f"global: {name}" for name in sorted(symbols.exported - functions)]
    return found + foreign(symbols)


def foreign(symbols):
    names = symbols.exported | symbols.local
    return [f"foreign: {name}" for name in sorted(names) if FOREIGN.search(name)]
