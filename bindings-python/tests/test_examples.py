"""The examples, started as their first lines say."""

from __future__ import annotations

from pathlib import Path

import pytest
from serving import Server, serve
from signing import FORM, SECRET, URL, event, headers

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SIM = b"SimSid=HS01&SimStatus=active"

COMMANDS = {
    "flask_app": ["-m", "gunicorn", "--threads", "8", "--bind", "127.0.0.1:{port}", "flask_app:app"],
    "fastapi_app": ["-m", "uvicorn", "--port", "{port}", "fastapi_app:app"],
}


def test_every_example_is_here() -> None:
    assert sorted(path.stem for path in EXAMPLES.glob("*.py")) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_example(name: str, tmp_path: Path) -> None:
    command = COMMANDS[name]
    said = (EXAMPLES / f"{name}.py").read_text("utf-8")
    assert " ".join(command[1:]).replace("{port}", "8000") in said
    environ = {"KOREWEBHOOK_SECRET": f"another-secret,{SECRET}", "KOREWEBHOOK_URL": URL}
    with serve(command, tmp_path / "log", cwd=EXAMPLES, env=environ) as server:
        exercise(server)
        output = server.output()
    assert output.count("event example: com.kore.eventstreams.test.event") == 1
    assert output.count("SIM HS01: active") == 2
    assert output.count("SIM HS01: active (repeat)") == 1
    assert "refused: signature-mismatch" in output
    assert "refused: duplicate" in output
    assert SECRET not in output


def exercise(server: Server) -> None:
    """A delivery, its retry, a forgery, a callback and its repeat."""
    body = event("example")
    assert server.send("/kore/", body, headers(body)).status == 204
    assert server.send("/kore/", body, headers(body)).status == 204
    assert server.send("/kore/", body + b" ", {**headers(body), "Kore-Signature": "0" * 64}).status == 401
    for token in ("RQ1", "RQ2"):
        assert server.send("/kore/", SIM, headers(SIM, content_type=FORM, token=token)).status == 204
