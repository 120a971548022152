"""What every adapter does under every server. A test file names the server; the routes are those of `apps`."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import ClassVar

import pytest
from serving import Reply, Server, serve
from signing import FORM, SECRET, event, headers

FORM_BODY = b"SimSid=HS01&SimStatus=active"


class AdapterChecks:
    """The tests. A subclass gives `command`, and says what its server can't do."""

    command: ClassVar[list[str]]
    prefix: ClassVar[str] = ""
    chunked: ClassVar[bool] = True  # whether the server passes on a chunked body
    early: ClassVar[bool] = True  # whether the adapter sees the head before the body is read

    @pytest.fixture(scope="class")
    @classmethod
    def server(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
        log = tmp_path_factory.mktemp("server") / "log"
        with serve(cls.command, log) as server:
            yield server
        assert SECRET not in log.read_text("utf-8", "replace")

    def post(self, server: Server, path: str, body: bytes, **changes: str) -> Reply:
        """Signs and sends canonical bytes."""
        return server.send(path, body, {**headers(body), **changes})

    def handled(self, server: Server, name: str) -> int:
        """How often something was handled."""
        kept: list[str] = server.get("/state")["handled"]
        return kept.count(name)

    def count(self, server: Server, reason: str) -> int:
        """The counter of a reason."""
        counters: dict[str, int] = server.get("/state")["counters"]
        return counters.get(reason, 0)

    def test_an_accepted_delivery_gets_204(self, server: Server) -> None:
        reply = self.post(server, f"{self.prefix}/kore/", event("accepted"))
        assert (reply.status, reply.body) == (204, b"")
        assert self.handled(server, "accepted") == 1

    def test_white_space_is_not_signed_and_not_handed_on(self, server: Server) -> None:
        wire = event("pretty").replace(b",", b" ,\r\n\t")
        reply = server.send("/own/name", wire, headers(event("pretty")))
        assert reply.status == 202
        answer = json.loads(reply.body)
        assert (answer["name"], answer["json"]["id"]) == ("name", "pretty")
        assert answer["body"] == event("pretty").decode()

    def test_a_duplicate_gets_204_and_is_handled_once(self, server: Server) -> None:
        before = self.count(server, "duplicate")
        statuses = [self.post(server, f"{self.prefix}/kore/", event("twice")).status for _ in range(3)]
        assert statuses == [204, 204, 204]
        assert self.handled(server, "twice") == 1
        assert self.count(server, "duplicate") == before + 2

    def test_an_array_comes_without_what_was_handled(self, server: Server) -> None:
        path = f"{self.prefix}/kore/"
        self.post(server, path, event("array-1"))
        body = b"[%s,%s,7]" % (event("array-1"), event("array-2"))
        assert self.post(server, path, body).status == 204
        assert self.handled(server, "array-1") == 1
        assert self.handled(server, "array-2") == 1
        assert self.handled(server, "bad not-an-object") == 1

    def test_the_same_id_with_other_content_gets_204_and_is_not_handled(self, server: Server) -> None:
        path, before = f"{self.prefix}/kore/", self.count(server, "conflict")
        self.post(server, path, event("conflict"))
        other = event("conflict").replace(b'"source"', b'"x":1,"source"')
        assert self.post(server, path, other).status == 204
        assert self.handled(server, "conflict") == 1
        assert self.count(server, "conflict") == before + 1

    def test_a_form_is_handled_and_its_repeat_flagged(self, server: Server) -> None:
        path = f"{self.prefix}/kore/"
        for token in ("RQ1", "RQ1", "RQ2"):
            sent = headers(FORM_BODY, content_type=FORM, token=token)
            assert server.send(path, FORM_BODY, sent).status == 204
        assert self.handled(server, "active") == 1
        assert self.handled(server, "active repeat") == 1

    def test_a_stale_event_gets_401(self, server: Server) -> None:
        body = event("stale").replace(b'"source"', b'"time":"2024-09-24T19:09:47Z","source"')
        assert self.post(server, f"{self.prefix}/kore/", body).status == 401
        assert self.handled(server, "stale") == 0
        assert "401 stale" in server.get("/state")["rejected"]

    def test_every_refusal_looks_the_same(self, server: Server) -> None:
        body, path = event("refused"), f"{self.prefix}/kore/"
        good = headers(body)
        unsigned = {name: value for name, value in good.items() if name != "Kore-Signature"}
        replies = [
            server.send(path, body, unsigned),
            server.send(path, body, {**good, "Kore-Signature": ""}),
            server.send(path, body, {**good, "Kore-Signature": "0" * 64}),
            server.send(path, body, {**good, "Kore-Signature": good["Kore-Signature"].upper()}),
            server.send(path, body, {**good, "Content-Type": "text/plain"}),
            server.send(path, body, {**good, "Content-Encoding": "gzip"}),
            server.send(path, body.replace(b"test", b"best"), good),
            server.send(path, body + b"\0", good),
            server.send(path, b"[" * 80, good),
            server.send(path, b"", good),
            server.send(path, body, good, "PUT"),
            server.send(path, None, good, "GET"),
        ]
        assert {reply.status for reply in replies} == {401}
        assert len({(tuple(sorted(reply.headers.items())), reply.body) for reply in replies}) == 1, replies
        assert server.send(path, None, good, "HEAD").status == 401
        assert self.handled(server, "refused") == 0
        assert self.count(server, "signature-mismatch") >= 2
        assert self.count(server, "method-unsupported") >= 2

    def test_a_body_over_the_bound_gets_413(self, server: Server) -> None:
        path = f"{self.prefix}/kore/"
        body = b'["%s"]' % (b"x" * 1996)
        assert len(body) == 2000
        assert self.post(server, path, body).status == 204
        body = b'["%s"]' % (b"x" * 1997)
        assert self.post(server, path, body).status == 413

    def test_a_large_body_is_refused_by_its_length(self, server: Server) -> None:
        if not self.early:
            return
        path, sent = f"{self.prefix}/kore/", {**headers(b"{}"), "Content-Length": "1000000000"}
        assert server.send(path, None, sent).status == 413
        # The method comes first in the check order.
        assert server.send(path, None, sent, "PUT").status == 401

    def test_a_chunked_body(self, server: Server) -> None:
        body, path = event("chunked"), f"{self.prefix}/kore/"
        reply = server.send(path, [body[:9], body[9:]], headers(body))
        assert reply.status == (204 if self.chunked else 401)
        assert self.handled(server, "chunked") == (1 if self.chunked else 0)

    def test_a_chunked_body_over_the_bound_gets_413(self, server: Server) -> None:
        pieces = [b" " * 1000] * 5
        reply = server.send(f"{self.prefix}/kore/", pieces, headers(b"{}"))
        assert reply.status == (413 if self.chunked else 401)

    def test_a_failure_is_handled_anew(self, server: Server) -> None:
        for route in (f"{self.prefix}/raises/", "/answers/"):
            body = event(f"fails at {route}")
            statuses = [self.post(server, route, body).status for _ in range(3)]
            assert statuses[0] == 500
            assert statuses[1] in (200, 204)
            assert statuses[2] == 204
            assert self.handled(server, f"fails at {route}") == 2

    def test_a_delivery_in_progress_gets_503(self, server: Server) -> None:
        path, body = f"{self.prefix}/slow/", event("slow")
        first: list[Reply] = []
        thread = threading.Thread(target=lambda: first.append(self.post(server, path, body)))
        thread.start()
        try:
            for _ in range(600):
                if self.handled(server, "slow"):
                    break
                time.sleep(0.02)
            # What is new beside it is given back, and handled with the retry.
            both = b"[%s,%s]" % (body, event("beside"))
            assert self.post(server, path, both).status == 503
            assert self.handled(server, "beside") == 0
        finally:
            server.get("/go")
            thread.join(30)
        assert [reply.status for reply in first] == [204]
        assert self.post(server, path, both).status == 204
        assert (self.handled(server, "slow"), self.handled(server, "beside")) == (1, 1)
        assert "503 in-progress" in server.get("/state")["rejected"]

    def test_a_consumed_body_is_a_clear_error(self, server: Server) -> None:
        reply = self.post(server, "/consumed/", event("consumed"))
        assert reply.status == 500
        assert b"read before it was verified" in reply.body

    def test_a_client_that_goes_away_harms_nothing(self, server: Server) -> None:
        with socket.create_connection(("127.0.0.1", server.port)) as gone:
            gone.sendall(b"POST /kore/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 90\r\n\r\n{")
        assert self.post(server, f"{self.prefix}/kore/", event("afterwards")).status == 204

