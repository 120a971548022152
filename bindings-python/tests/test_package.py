"""What `make python` put into `dist/`: names, content, and that it works where nothing else is."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import korewebhook
import pytest
from vectors import ROOT

DIST = ROOT / "dist"
VERSION: str = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]
WHEEL = DIST / f"korewebhook-{VERSION}-cp311-abi3-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"
SDIST = DIST / f"korewebhook-{VERSION}.tar.gz"
INFO = f"korewebhook-{VERSION}.dist-info"
LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"]
BUILD = ROOT / "target" / "python-sdist"


def sources() -> set[str]:
    """The files of the package, as they are in the repository."""
    folder = ROOT / "bindings-python" / "python"
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix in (".py", ".pyi", ".typed"))
    found_names = {path.relative_to(folder).as_posix() for path in found} | {"korewebhook/py.typed"}
    return found_names


def wheel() -> dict[str, bytes]:
    with zipfile.ZipFile(WHEEL) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def sdist() -> dict[str, bytes]:
    with tarfile.open(SDIST) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        return {member.name.partition("/")[2]: archive.extractfile(member).read() for member in members}


def run(*command: str | Path, **environment: str) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("KOREWEBHOOK", "PYTHON"))}
    done = subprocess.run(command, capture_output=True, text=True, env=environ | environment, cwd=BUILD, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_dist_holds_one_version() -> None:
    ours = {path.name for path in DIST.glob("korewebhook-*") if path.suffix != ".tgz"}  # those are Node's
    assert ours == {WHEEL.name, SDIST.name}
    assert korewebhook.__version__ == VERSION


def test_wheel_files() -> None:
    names = set(wheel())
    own = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", *(f"licenses/{name}" for name in LICENCES)}
    assert names == sources() | {"korewebhook/_korewebhook.abi3.so"} | {f"{INFO}/{name}" for name in own}
    assert {
        "korewebhook/py.typed",
        "korewebhook/_korewebhook.pyi",
        "korewebhook/testing.py",
        "korewebhook/pytest_plugin.py",
    } <= names


def test_wheel_record() -> None:
    files = wheel()
    rows = list(csv.reader(io.StringIO(files[f"{INFO}/RECORD"].decode())))
    assert {row[0] for row in rows} == set(files)
    for name, digest, size in rows:
        if name != f"{INFO}/RECORD":
            made = base64.urlsafe_b64encode(hashlib.sha256(files[name]).digest()).rstrip(b"=").decode()
            assert (digest, size) == (f"sha256={made}", str(len(files[name]))), name


def test_wheel_metadata() -> None:
    files = wheel()
    metadata = Parser().parsestr(files[f"{INFO}/METADATA"].decode())
    assert (metadata["Name"], metadata["Version"], metadata["Requires-Python"]) == ("korewebhook", VERSION, ">=3.11")
    assert metadata["License-Expression"] == "MIT OR Apache-2.0"
    assert sorted(metadata.get_all("License-File", [])) == LICENCES
    assert metadata.get_all("Requires-Dist") is None
    assert {"Typing :: Typed", "Programming Language :: Python :: Free Threading :: 1 - Unstable"} <= set(
        metadata.get_all("Classifier", [])
    )
    assert str(metadata.get_payload()).rstrip() == (ROOT / "bindings-python" / "README.md").read_text().rstrip()
    assert files[f"{INFO}/entry_points.txt"].decode().split() == ["[pytest11]", "korewebhook=korewebhook.pytest_plugin"]
    tags = Parser().parsestr(files[f"{INFO}/WHEEL"].decode()).get_all("Tag", [])
    assert sorted(tags) == ["cp311-abi3-manylinux2014_x86_64", "cp311-abi3-manylinux_2_17_x86_64"]
    for name in LICENCES:
        assert files[f"{INFO}/licenses/{name}"] == (ROOT / name).read_bytes(), name


def test_extension_runs_on_what_the_tag_promises() -> None:
    """PEP 600 and the policy of manylinux_2_17: symbols of glibc up to 2.17, and no other libraries than these."""
    binary = wheel()["korewebhook/_korewebhook.abi3.so"]
    assert binary[:6] == b"\x7fELF\x02\x01"
    assert int.from_bytes(binary[18:20], "little") == 62  # x86-64
    versions = [tuple(map(int, found.split(b"."))) for found in re.findall(rb"GLIBC_([0-9.]+)\0", binary)]
    assert versions
    assert max(versions) <= (2, 17)
    libraries = set(re.findall(rb"\0((?:lib|ld-)[A-Za-z0-9_+-]+\.so(?:\.[0-9]+)*)(?=\0)", binary))
    assert libraries <= {
        b"libc.so.6",
        b"libm.so.6",
        b"libpthread.so.0",
        b"libdl.so.2",
        b"librt.so.1",
        b"libgcc_s.so.1",
        b"ld-linux-x86-64.so.2",
    }
    assert b"PyInit__korewebhook\0" in binary
    assert len(binary) < 1_500_000


def test_no_paths_of_the_machine() -> None:
    home = str(Path.home())
    for name, content in {**wheel(), **sdist()}.items():
        for path in (str(ROOT), f"{home}/.cargo", f"{home}/.rustup", sys.prefix):
            assert path.encode() not in content, (name, path)


def test_sdist_files() -> None:
    names = set(sdist())
    assert {name for name in names if name.startswith("python/")} == {f"python/{name}" for name in sources()}
    assert {
        "PKG-INFO",
        "pyproject.toml",
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "core/src/lib.rs",
        *LICENCES,
    } <= names
    assert not [name for name in names if re.search(r"(^|/)(tests|examples|target|cli|\.git)|\.(so|pyc)$", name)]
    for name in LICENCES:
        assert sdist()[name] == (ROOT / name).read_bytes(), name


@pytest.fixture(scope="module")
def folder() -> Path:
    """An empty folder. Only what cargo compiled stays, so that the next run is quick."""
    BUILD.mkdir(parents=True, exist_ok=True)
    for path in BUILD.iterdir():
        if path.name != "cargo":
            shutil.rmtree(path)
    return BUILD


def test_a_wheel_of_the_sdist(folder: Path) -> None:
    with tarfile.open(SDIST) as archive:
        archive.extractall(folder / "source", filter="data")
    source = folder / "source" / f"korewebhook-{VERSION}"
    # The archive's times are all alike, so cargo has to be told that something changed.
    stamp, digest = folder / "cargo" / "sdist.sha256", hashlib.sha256(SDIST.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        for path in source.rglob("*"):
            path.touch()
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "--no-build-isolation"]
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run(*pip, "--wheel-dir", folder / "made", source, CARGO_TARGET_DIR=str(folder / "cargo"), PATH=search)
    stamp.write_text(digest)
    (made,) = (folder / "made").iterdir()
    assert made.name.startswith(f"korewebhook-{VERSION}-cp311-abi3-linux_")
    with zipfile.ZipFile(made) as archive:
        assert set(archive.namelist()) == set(wheel())
    python = fresh(folder / "venv-sdist", made)
    assert run(python, "-c", "import korewebhook; print(korewebhook.__version__)").strip() == VERSION


def fresh(folder: Path, package: Path) -> Path:
    """An environment that holds nothing but the package."""
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    run(
        sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python, "install", "--no-index", package
    )
    (site,) = (folder / "lib").glob("python*/site-packages")
    assert sorted(path.name for path in site.iterdir()) == ["korewebhook", INFO]
    return python


def ten_lines(readme: Path) -> str:
    """The first Python example of a README."""
    found = re.search(r"^```python\n(.*?)^```$", readme.read_text(), re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_ten_lines_in_a_fresh_environment(folder: Path) -> None:
    python = fresh(folder / "venv", WHEEL)
    script = ten_lines(ROOT / "bindings-python" / "README.md")
    assert len(script.strip().splitlines()) <= 11
    key = hashlib.sha256(
        b"korewebhook/replay/1"
        + (4).to_bytes(8, "big")
        + b"POST"
        + (24).to_bytes(8, "big")
        + b"https://testendpoint.com"
        + b'{"field1":"value1","field2":"value2"}'
    ).hexdigest()
    assert run(python, "-c", script) == f"value1 0 {key}\n"
    assert run(
        python, "-W", "error", "-c", "import sys, korewebhook; print(*{'flask', 'django', 'json'} & set(sys.modules))"
    ).strip() in ("", "json")
