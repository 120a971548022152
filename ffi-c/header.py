"""Makes include/korewebhook.h; with --check, says whether it is up to date.

python3 ffi-c/header.py CBINDGEN [--check]
"""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER = ROOT / "include" / "korewebhook.h"


def made(cbindgen: str) -> str:
    version = re.search(r'^version = "([0-9.]+)"$', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    config = (ROOT / "ffi-c" / "cbindgen.toml").read_text().replace("@VERSION@", version)
    for part, number in zip(["@MAJOR@", "@MINOR@", "@PATCH@"], version.split("."), strict=True):
        config = config.replace(part, number)
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(config)
        file.flush()
        command = [cbindgen, "--quiet", "--config", file.name, "ffi-c"]
        header = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return re.sub(r"\n{3,}", "\n\n", header)


def main() -> int:
    cbindgen, check = sys.argv[1], "--check" in sys.argv[2:]
    header = made(cbindgen)
    if not check:
        HEADER.write_text(header)
    elif HEADER.read_text() != header:
        print(f"{HEADER.relative_to(ROOT)} is not what the sources give: run make header", file=sys.stderr)
        return 1
    return 0


sys.exit(main())
