"""Builds the C tests in every way they are to pass, and runs them.

python3 tests/c/run.py target/c        (where `make c` and the library under AddressSanitizer are)
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import examples
import symbols

ROOT = Path(__file__).resolve().parent.parent.parent
TESTS = ROOT / "tests" / "c"
BUILD = Path(sys.argv[1]).resolve()
WORK = BUILD / "tests"
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Werror".split()
C99 = ["-std=c99", "-Wstrict-prototypes", *WARNINGS]
CXX11 = ["-std=c++11", *WARNINGS]
INCLUDE = [f"-I{ROOT / 'include'}", f"-I{ROOT / 'ffi-c/examples'}", f"-I{TESTS}", f"-I{WORK}"]
SANITIZE = "-g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all".split()
STATIC = [str(BUILD / "libkorewebhook.a"), "-Wl,--gc-sections"]
SHARED = [f"-L{BUILD}", "-lkorewebhook", f"-Wl,-rpath,{BUILD}"]
# CPUs without AVX2 and with it, in an emulator that refuses instructions which the CPU doesn't have.
CPUS = ["qemu64", "Nehalem", "SandyBridge", "Haswell"]
SANITIZED = [str(TESTS / "panic.c"), str(BUILD / "sanitized" / "libkorewebhook.a")]
MEMCHECK = "valgrind --quiet --leak-check=full --error-exitcode=9".split()

# Each program: its sources, what it links, and what it has to say of itself.
PROGRAMS: dict[str, tuple[list[str], list[str], str]] = {
    "requests": (
        ["run_cases.c", "host_cases.c"],
        ["-DWITH_MBEDTLS", "-lmbedcrypto"],
        "cases: 70 accepted, 235 refused, 97 as JSON, 0 checks failed\n"
        "opt_in: 3 accepted, 3 refused, 1 as JSON, 0 checks failed\n"
        "rotation: 2 accepted, 4 refused, 0 as JSON, 0 checks failed\n"
        "hmac: 4 accepted, 5 refused, 1 as JSON, 0 checks failed\n"
        "cases with Mbed TLS: 70 accepted, 235 refused, 97 as JSON, 0 checks failed\n"
        "rotation with Mbed TLS: 2 accepted, 4 refused, 0 as JSON, 0 checks failed\n",
    ),
    "parts": (
        ["parts.c"],
        [],
        "parts: 46 dates, 11 tokens, 64 URLs, 10 sets, 199 texts, 48 reasons, 27 details, 28 standard, "
        "19 bearer, 5 keys, 11 replays: 0 checks failed\n",
    ),
    "misuse": (["misuse.c", "misuse_requests.c"], [], "misuse: 0 checks failed\n"),
    "backend": (["backend.c"], ["-lmbedcrypto"], "backend: 0 checks failed\n"),
    "threads": (["threads.c"], ["-pthread"], "threads: 10 threads, 800 requests each, 0 wrong\n"),
}


def run(*command: str | Path, env: dict[str, str] | None = None, cwd: Path = ROOT) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=env and {**os.environ, **env}, cwd=cwd)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}exit {done.returncode}")
    return done.stdout


def expect(name: str, got: str, want: str) -> None:
    if got != want:
        sys.exit(f"{name} said:\n{got}instead of:\n{want}")


def compile_c(compiler: str, name: str, sources: list[str], flags: list[str], libraries: list[str]) -> Path:
    program = WORK / name
    files = [str(TESTS / source) for source in sources]
    run(compiler, *C99, *INCLUDE, *flags, *files, *libraries, "-o", program)
    return program


def tables() -> None:
    for file, arguments in {"cases.h": ["cases", "opt_in", "rotation", "hmac"], "parts.h": ["--parts"]}.items():
        (WORK / file).write_text(run(sys.executable, TESTS / "cases.py", *arguments))


def header() -> None:
    for language, compilers, standards in [
        ("c", ["gcc", "clang"], ["c99", "c11", "c17"]),
        ("c++", ["g++", "clang++"], ["c++11", "c++17", "c++20"]),
    ]:
        for compiler in compilers:
            for standard in standards:
                flags = [*WARNINGS, *(["-Wstrict-prototypes"] if language == "c" else [])]
                command = [compiler, f"-x{language}", f"-std={standard}", *flags, "-fsyntax-only"]
                run(*command, "-include", ROOT / "include" / "korewebhook.h", "/dev/null")
    text = (ROOT / "include" / "korewebhook.h").read_text()
    numbers = {name: int(number) for name, number in re.findall(r"#define KOREWEBHOOK_ERROR_(\w+) (\d+)", text)}
    reasons = json.loads((ROOT / "tests/vectors/reasons.json").read_text()) | {"lost-lease": 91, "already-committed": 92}
    assert numbers == {name.upper().replace("-", "_"): number for name, number in reasons.items()}, numbers
    documented = re.findall(r"((?:^//.*\n)+)^(?:[a-z].*?[ *])(korewebhook_\w+)\(", text, re.MULTILINE)
    assert {name for _, name in documented} == symbols.declared(ROOT / "include" / "korewebhook.h")
    for comment, name in documented:
        assert "Threads:" in comment and "Interrupts:" in comment, name
    print("header: C99 to C17 and C++11 to C++20, gcc and clang; all reasons, all functions documented")


def readme() -> None:
    """The program of the README compiles."""
    [program] = re.findall(r"```c\n(.*?)```", (ROOT / "ffi-c/README.md").read_text(), re.DOTALL)
    declared = "int32_t receive(const uint8_t *, size_t, uint8_t *, size_t *);\n"
    (WORK / "readme.c").write_text(program.replace("int32_t receive(", declared + "int32_t receive(", 1))
    for compiler in ["gcc", "clang"]:
        run(compiler, *C99, *INCLUDE, "-fsyntax-only", WORK / "readme.c")


def programs() -> None:
    for name, (sources, extra, said) in PROGRAMS.items():
        defines = [flag for flag in extra if flag.startswith(("-D", "-pthread"))]
        libraries = [flag for flag in extra if not flag.startswith("-D")]
        sanitized = compile_c("gcc", f"{name}-asan", sources, [*SANITIZE, *defines], [*SANITIZED, *libraries])
        expect(f"{name} under sanitizers", run(sanitized), said)
        static = compile_c("gcc", f"{name}-static", sources, ["-g", "-O1", *defines], [*STATIC, *libraries])
        expect(f"{name} under valgrind", run(*MEMCHECK, static), said)
        if name in ("requests", "parts") and platform.machine() == "x86_64":
            for cpu in CPUS:
                expect(f"{name} on {cpu}", run("qemu-x86_64", "-cpu", cpu, static), said)
        shared = compile_c("clang", f"{name}-shared", sources, ["-O2", *defines], [*SHARED, *libraries])
        expect(f"{name}, shared", run(shared), said)
        print(said, end="")
    for compiler, libraries in [("g++", STATIC), ("clang++", SHARED)]:
        program = WORK / f"program-{compiler}"
        run(compiler, *CXX11, *INCLUDE, TESTS / "program.cc", *libraries, "-o", program)
        expect(compiler, run(program), 'C++: {"field1":"value1","field2":"value2"}\n')
    print("each under AddressSanitizer and UBSan, under valgrind, and with the shared library; C++ too")


def sanitizers_see() -> None:
    """The sanitizers are on, in the tests and in the library: by name, and by what they catch."""
    names = run("nm", WORK / "misuse-asan")
    for name in ["__asan_report_load", "__ubsan_handle"]:
        assert name in names, name
    library = run("readelf", "-sW", BUILD / "sanitized" / "libkorewebhook.a")
    assert re.search(r"UND __asan_report_load8", library), "the library is not instrumented"
    overrun = compile_c("gcc", "overrun-asan", ["overrun.c"], SANITIZE, SANITIZED)
    caught = subprocess.run([overrun], capture_output=True, text=True)
    assert caught.returncode != 0 and "heap-buffer-overflow" in caught.stderr, caught.stderr
    overrun = compile_c("gcc", "overrun-static", ["overrun.c"], ["-g"], STATIC)
    caught = subprocess.run([*MEMCHECK, overrun], capture_output=True, text=True)
    assert caught.returncode == 9 and "Invalid read" in caught.stderr, caught.stderr
    print("an overrun in the library is caught by AddressSanitizer and by valgrind")


def libraries() -> None:
    declared = ROOT / "include" / "korewebhook.h"
    print("static:", symbols.check_archive(BUILD / "libkorewebhook.a", declared))
    symbols.check_positive(BUILD / "cargo" / "ffi" / "libkorewebhook_ffi.a")
    [shared] = BUILD.glob("libkorewebhook.so.*.*.*")
    print("shared:", symbols.check_shared(shared, declared, "libkorewebhook.so.0"))


def installed() -> None:
    """What `make install-c` installs is found by pkg-config and CMake, wherever it is moved to."""
    stage = WORK / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    run("make", "--silent", "install-c", "PREFIX=/opt/kore", f"DESTDIR={stage}")
    prefix = stage / "opt" / "kore"
    found = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir()}
    assert "include/korewebhook.h" in found and "lib/libkorewebhook.so.0" in found, found
    env = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig"), "PKG_CONFIG_SYSROOT_DIR": str(stage)}
    flags = run("pkg-config", "--cflags", "--libs", "korewebhook", env=env).split()
    program = WORK / "by-pkg-config"
    run("g++", *CXX11, TESTS / "program.cc", *flags, f"-Wl,-rpath,{prefix / 'lib'}", "-o", program)
    run(program)
    assert "libkorewebhook.so.0" in run("readelf", "-d", program)
    version = run("pkg-config", "--modversion", "korewebhook", env=env).strip()
    build = WORK / "consumer"
    shutil.rmtree(build, ignore_errors=True)
    configure = ["cmake", "-S", TESTS / "consumer", "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}"]
    run(*configure, f"-DASKED_VERSION={version}", "-DBUILD_SHARED_LIBS=OFF")
    run("cmake", "--build", build)
    for program in sorted(build.glob("consumer_*")):
        run(program)
        needs = "libkorewebhook.so.0" in run("readelf", "-d", program)
        assert needs == program.name.endswith("shared"), program
    newer = subprocess.run([*configure, "-DASKED_VERSION=99.0"], capture_output=True, text=True)
    assert newer.returncode != 0 and "99.0" in newer.stderr, "a version that isn't there"
    print(f"installed: {len(found)} files, found by pkg-config and by CMake, shared and static")


def main() -> None:
    WORK.mkdir(exist_ok=True)
    tables()
    header()
    readme()
    programs()
    sanitizers_see()
    libraries()
    installed()
    examples.run(WORK, [*C99, *INCLUDE], STATIC)


if __name__ == "__main__":
    main()
