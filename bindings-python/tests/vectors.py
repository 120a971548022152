"""The lists under `tests/vectors/`, read unmodified, and what the tests do with them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from korewebhook import VerificationError

ROOT = Path(__file__).resolve().parents[2]


def parse(name: str) -> Any:
    """A whole file."""
    return json.loads((ROOT / "tests" / "vectors" / f"{name}.json").read_text("utf-8"))


def load(name: str) -> list[dict[str, Any]]:
    """The cases of a list."""
    cases = parse(name)["cases"]
    assert isinstance(cases, list)
    return cases


def secrets(case: dict[str, Any]) -> list[bytes]:
    """The secrets of a case, one or several."""
    return [bytes.fromhex(secret) for secret in case.get("secrets", [case.get("secret")])]


def pairs(case: dict[str, Any]) -> list[tuple[str, str]]:
    """The headers of a case, in wire order."""
    return [(name, value) for name, value in case["headers"]]


NUMBERS: dict[str, int] = parse("reasons")


def documented_hints() -> dict[str, str]:
    """Name and sentence of every reason, as the documentation has them."""
    text = (ROOT / "docs" / "protocol.md").read_text("utf-8")
    table = text.split("<!-- reasons:begin -->")[1].split("<!-- reasons:end -->")[0]
    return {name: hint for name, hint in re.findall(r"^\| \d+ \| `([a-z0-9-]+)` \| (.*) \|$", table, re.M)}


HINTS = documented_hints()


def refusal(call: Callable[[], object]) -> VerificationError | None:
    """What a call refuses with, or `None`. Number and sentence are checked on the way."""
    try:
        call()
    except VerificationError as error:
        assert error.number == NUMBERS[error.code], error.code
        assert error.hint == HINTS[error.code], error.code
        assert str(error).startswith(f"{error.code}: {error.hint}"), str(error)
        assert error.offset is None or error.offset >= 0
        return error
    return None


def reason(call: Callable[[], object]) -> str:
    """`ok`, or the name of the reason."""
    error = refusal(call)
    return "ok" if error is None else error.code
