"""A firmware image: compiled, linked, taken apart, run."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from machines import MACHINES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORK = ROOT / "target" / "firmware"
sys.path.insert(0, str(ROOT / "ffi-c" / "firmware"))

SECONDS = 60
START = ["boot/start.c", "boot/semihosting.c", "boot/memory.c"]
WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Werror"]


def library(machine):
    return ROOT / "dist" / "firmware" / MACHINES[machine].target / "libkorewebhook.a"


@dataclass(frozen=True)
class Image:
    machine: str
    path: Path

    def run(self, *more):
        """Its status and what it printed. One that hangs is an error."""
        command = [*MACHINES[self.machine].emulator, "-nographic", "-monitor", "none", "-serial", "none"]
        command += ["-semihosting-config", "enable=on,target=native", *more, "-kernel", str(self.path)]
        done = subprocess.run(command, timeout=SECONDS, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout + done.stderr

    def sections(self):
        """The sizes of its sections."""
        lines = self._tool("size", "-A").splitlines()
        fields = (line.split() for line in lines if line.startswith("."))
        return {field[0]: int(field[1]) for field in fields}

    def address(self, symbol):
        """Where a function begins."""
        for line in self._readelf("-sW").splitlines():
            fields = line.split()
            if len(fields) == 8 and fields[7] == symbol:
                # The lowest bit only says that it is Thumb code.
                return int(fields[1], 16) & ~1
        raise KeyError(symbol)

    def _tool(self, name, *arguments):
        command = [MACHINES[self.machine].tools + name, *arguments, self.path]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _readelf(self, *arguments):
        return subprocess.run(["readelf", *arguments, self.path], check=True, capture_output=True, text=True).stdout


def memory(machine):
    """What link.ld has to know."""
    m = MACHINES[machine]
    places = {"FLASH": m.flash, "FLASH_SIZE": m.flash_size, "RAM": m.ram, "RAM_SIZE": m.ram_size}
    return [f"{place}={value:#x}" for place, value in places.items()]


def compile_image(machine, name, sources, *, flags=(), libraries=None):
    """Links sources, which are relative to this directory, with the library."""
    m = MACHINES[machine]
    out = WORK / "images" / machine / f"{name}.elf"
    out.parent.mkdir(parents=True, exist_ok=True)
    command = [m.tools + "gcc", *m.cpu, *WARNINGS, "-Os", "-g", "-ffreestanding", "-ffunction-sections", "-fdata-sections"]
    command += ["-nostdlib", "-nostartfiles", "-I", ROOT / "include", "-I", HERE / "boot", "-I", HERE / "images", *flags]
    command += [HERE / source for source in [*START, *sources]]
    command += ["-Wl,--gc-sections", "-Wl,-z,noexecstack", "-Wl,--fatal-warnings", "-T", HERE / "boot" / "link.ld"]
    command += [f"-Wl,--defsym={place}" for place in memory(machine)]
    command += [*([library(machine)] if libraries is None else libraries), "-lgcc", "-o", out]
    subprocess.run(command, check=True)
    return Image(machine, out)
