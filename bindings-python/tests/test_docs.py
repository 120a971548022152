"""The examples of docs/python.md run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from vectors import ROOT

ENVIRON = {"KOREWEBHOOK_SECRET": "a35974bdf1c769b8bb", "KOREWEBHOOK_URL": "https://hooks.example.com/kore/"}


def sections() -> dict[str, str]:
    """The Python of each section, its blocks joined."""
    text = (ROOT / "docs" / "python.md").read_text("utf-8")
    parts = re.split(r"^###? (.*)$", text, flags=re.MULTILINE)
    found = {}
    for heading, part in zip(parts[1::2], parts[2::2], strict=True):
        code = "\n".join(re.findall(r"^```python\n(.*?)^```$", part, re.MULTILINE | re.DOTALL))
        if code:
            found[heading] = code
    return found


SECTIONS = sections()

# A delivery of one event, of one that was handled before, and a forgery, through each adapter.
DELIVERIES = """
from korewebhook.testing import sample_events, sign_request
body, headers = sign_request(Webhook.from_env(), sample_events("EZ1", time=None))
def check(post):
    assert [post(body, headers), post(body, headers), post(body + b"x", headers)] == [204, 204, 401]
"""
DRIVERS = {
    "Flask": """
check(lambda body, headers: app.test_client().post("/kore/", data=body, headers=headers).status_code)
assert counters.snapshot() == {"accepted": 1, "duplicate": 1, "json-malformed": 1}, counters.snapshot()
""",
    "Django": """
from django.conf import settings
settings.configure()
from django.test import RequestFactory
def post(body, headers):
    meta = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items() if name != "content-type"}
    return kore_view(RequestFactory().post("/kore/", body, content_type=headers["content-type"], **meta)).status_code
check(post)
""",
    "FastAPI and Starlette": """
import asyncio, httpx
def post(body, headers):
    async def ask():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://h.example") as client:
            return (await client.post("/kore/", content=body, headers=headers)).status_code
    return asyncio.run(ask())
check(post)
""",
    "AWS Lambda": """
def post(body, headers):
    event = {"version": "2.0", "headers": headers, "body": body.decode(), "isBase64Encoded": False,
             "requestContext": {"http": {"method": "POST"}}}
    return handler(event, None)["statusCode"]
check(post)
""",
}


def run(folder: Path, *arguments: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))} | ENVIRON
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_sections() -> None:
    assert len(SECTIONS) == 11
    assert set(DRIVERS) < set(SECTIONS)


@pytest.mark.parametrize("heading", sorted(set(SECTIONS) - {"Testing your receiver"}))
def test_section(heading: str, tmp_path: Path) -> None:
    code = SECTIONS[heading] + (DELIVERIES + DRIVERS[heading] if heading in DRIVERS else "")
    (tmp_path / "example.py").write_text(code, "utf-8")
    run(tmp_path, "-W", "error", "example.py")


def test_the_section_on_testing(tmp_path: Path) -> None:
    (tmp_path / "test_receiver.py").write_text(SECTIONS["Testing your receiver"], "utf-8")
    run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", "test_receiver.py")


def test_links() -> None:
    """To headings of this page, and to files beside it."""
    text = (ROOT / "docs" / "python.md").read_text("utf-8")
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        if file:
            assert (ROOT / "docs" / file).is_file(), target
            assert not anchor or anchor in (ROOT / "docs" / file).read_text("utf-8").lower().replace(" ", "-"), target
        else:
            assert anchor in anchors, target
