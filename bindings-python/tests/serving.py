"""Real servers for the tests: a subprocess on a free port of the loopback, asked over HTTP and stopped by its process id."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Reply:
    """A response, without what the server alone decides."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=True)


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    log: IO[bytes]

    def send(
        self, path: str, body: bytes | Iterable[bytes] | None, headers: Mapping[str, str], method: str = "POST"
    ) -> Reply:
        """One request. A body of several pieces goes out chunked; with `None` nothing follows the head."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.putrequest(method, path)
            for name, value in headers.items():
                connection.putheader(name, value)
            pieces = [] if isinstance(body, bytes) or body is None else list(body)
            if isinstance(body, bytes):
                connection.putheader("Content-Length", str(len(body)))
            elif body is not None:
                connection.putheader("Transfer-Encoding", "chunked")
            connection.endheaders()
            try:
                if isinstance(body, bytes):
                    connection.send(body)
                elif body is not None:
                    for piece in [*pieces, b""]:
                        connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has answered already
            response = connection.getresponse()
            kept = {name.lower(): value for name, value in response.getheaders()}
            for name in ("date", "server", "connection"):
                kept.pop(name, None)
            return Reply(response.status, kept, response.read())

    def get(self, path: str) -> Any:
        """The JSON at a path, or its text."""
        reply = self.send(path, None, {}, "GET")
        assert reply.status == 200, reply
        try:
            return json.loads(reply.body)
        except ValueError:
            return reply.body.decode()

    def output(self) -> str:
        """What it has printed so far."""
        self.log.flush()
        return Path(self.log.name).read_text("utf-8", "replace")


def free_port() -> int:
    """A port on which nothing listens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serve(command: list[str], log: Path, *, cwd: Path = HERE, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Runs `python -m command`, in which `{port}` is the port, until the block ends."""
    port = free_port()
    arguments = [sys.executable, *(part.format(port=port) for part in command)]
    path = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    environ = {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **(env or {})}
    with log.open("wb") as output:
        process = subprocess.Popen(arguments, cwd=cwd, env=environ, stdout=output, stderr=subprocess.STDOUT)
        try:
            await_port(process, port, log)
            yield Server(port, output)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Returns once somebody listens there."""
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
