"""Builds the library for one target: a static archive with one object, in which only `korewebhook_*` is global.

    ffi-c/firmware/archive.py TARGET...     into dist/firmware/TARGET/

Rust's own archive would bring a second panic handler, memory functions and hundreds of other names into the firmware. Here
all of it is linked into one object, what no function of ours needs is dropped, and what remains is made local. That fails
where anything is undefined, and a panic that can be reached is an undefined symbol.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from symbols import OF_LIBC, faults, foreign, read
from targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "include" / "korewebhook.h"
WORK = ROOT / "target" / "firmware"

# Debian's compiler has its library's source beside it. The small SHA-256 is for `hmac-sha256`; both forms of it leave the
# CPU alone, since asking what it has takes functions of the system.
COMPILER = {"RUSTC_BOOTSTRAP": "1", "RUSTC": "/usr/bin/rustc", "CARGO_TARGET_DIR": str(WORK)}
SMALL_SHA256 = ["--cfg=sha2_backend=\"soft\"", "--cfg=sha2_backend_soft=\"compact\""]
PLAIN_SHA256 = ["--cfg=sha2_backend=\"soft\""]


def functions():
    declared = set(re.findall(r"^[a-z].*[ *](korewebhook_\w+)\(", HEADER.read_text(), re.MULTILINE))
    assert "korewebhook_verify" in declared
    return frozenset(declared)


def without_frame_pointers(target):
    """The compiler's own description of a target, but for the register that a frame pointer would take in every function."""
    command = [COMPILER["RUSTC"], "-Zunstable-options", "--print", "target-spec-json", "--target", target]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **COMPILER})
    description = WORK / "targets" / f"{target}.json"
    description.parent.mkdir(parents=True, exist_ok=True)
    description.write_text(json.dumps(json.loads(told.stdout) | {"frame-pointer": "may-omit"}))
    return description


def compile_archive(target, package, library):
    """Rust's own archive of a package."""
    flags = PLAIN_SHA256 if TARGETS[target].linux else SMALL_SHA256
    # Tables that nothing would unwind by name functions of the compiler's runtime.
    flags = [*flags, "-Cforce-unwind-tables=no"]
    cargo_home = os.environ.get("CARGO_HOME", Path.home() / ".cargo")
    paths = [f"--remap-path-prefix={ROOT}=/korewebhook", f"--remap-path-prefix={cargo_home}=/cargo"]
    command = ["/usr/bin/cargo", "rustc", "--quiet", "--locked", "--package", package, "--lib", "--crate-type", "staticlib"]
    command += ["--profile", "firmware", "-Zbuild-std=core", "-Zjson-target-spec"]
    command += ["--target", without_frame_pointers(target)]
    environment = {**os.environ, **COMPILER, "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags + paths)}
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    return WORK / target / "firmware" / library


def link(target, archive, roots, out):
    """One object of an archive: the roots and what they need."""
    tools = TARGETS[target]
    command = [tools.binutils + "ld", *tools.emulation, "-r", "--gc-sections", "-e", min(roots)]
    command += [part for root in sorted(roots) for part in ("-u", root)]
    subprocess.run([*command, archive, "-o", out], check=True)
    subprocess.run([tools.binutils + "objcopy", "-R", ".llvmbc", "-R", ".llvmcmd", "-R", ".comment", out], check=True)


def localise(target, linked, roots, out):
    tools = TARGETS[target]
    keep = [f"--keep-global-symbol={root}" for root in sorted(roots)]
    subprocess.run([tools.binutils + "objcopy", "--strip-unneeded", *keep, linked, out], check=True)


def build(target):
    """The directory with the archive and its header."""
    roots = functions()
    archive = compile_archive(target, "korewebhook-ffi", "libkorewebhook_ffi.a")
    linked, final = WORK / target / "linked.o", WORK / target / "korewebhook.o"
    link(target, archive, roots, linked)
    localise(target, linked, roots, final)
    # The first still has the names of what is local, the other one only what is needed.
    wrong = foreign(read(linked)) + faults(read(final), roots, OF_LIBC if TARGETS[target].linux else frozenset())
    if wrong:
        raise SystemExit("\n".join([f"{target}: the object isn't as it should be", *wrong]))

    out = ROOT / "dist" / "firmware" / target
    out.mkdir(parents=True, exist_ok=True)
    library = out / "libkorewebhook.a"
    library.unlink(missing_ok=True)
    subprocess.run([TARGETS[target].binutils + "ar", "rcsD", library, final], check=True)
    shutil.copy(HEADER, out)
    return out


if __name__ == "__main__":
    for name in sys.argv[1:]:
        if name not in TARGETS:
            raise SystemExit(f"{name}: not one of {', '.join(TARGETS)}")
        print(build(name) / "libkorewebhook.a")
