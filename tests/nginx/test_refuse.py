"""What is refused is answered with a status and nothing else, reaches no upstream, and is logged by its reason."""

import re
import unittest

import kore
from gateway import Gateway, free_port, location
from upstream import Upstream
from wire import Connection, exchange

MIB = 1024 * 1024


class Refuse(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream()
        cls.gateway = Gateway()
        cls.gateway.secret("kore", kore.SECRET)
        cls.dead = free_port()
        cls.gateway.configure(
            location(cls.upstream)
            + location(cls.upstream, "korewebhook_max_body 100;", path="/small/", url="https://h.example/small/")
            + location(cls.upstream, "client_body_buffer_size 1k;", path="/file/", url="https://h.example/file/")
            + location(cls.upstream, "korewebhook_log_level warn;", "satisfy any;", "allow all;", path="/any/",
                       url="https://h.example/any/")
            + location(cls.upstream, "korewebhook_max_body 100;", "korewebhook_on_refusal pass;", path="/watch/",
                       url="https://h.example/watch/")
            + location(cls.upstream, "client_body_timeout 1s;", path="/slow/", url="https://h.example/slow/")
            + location(cls.upstream, "error_page 401 @other;", path="/page/", url="https://h.example/page/")
            + location(cls.upstream, "mirror /mirror;", path="/mirrored/", url="https://h.example/mirrored/")
            + f"location = /mirror {{ internal; proxy_pass http://127.0.0.1:{cls.upstream.port}/copy; }}\n"
            + f"location @other {{ proxy_pass http://127.0.0.1:{cls.upstream.port}; }}\n"
            + location(cls.upstream, "error_page 502 = @other;", path="/fallback/", url="https://h.example/fallback/")
            .replace(f":{cls.upstream.port}", f":{cls.dead}")
            + location(cls.upstream, path="/dead/", url="https://h.example/dead/")
            .replace(f":{cls.upstream.port}", f":{cls.dead}")
            + f"location /sub/ {{ mirror /kore/; proxy_pass http://127.0.0.1:{cls.dead}; }}\n"
            + f"location /read/ {{ error_page 502 = /kore/; proxy_pass http://127.0.0.1:{cls.dead}; }}\n")
        cls.gateway.start()

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()
        cls.upstream.close()

    def setUp(self):
        self.upstream.take()
        self.gateway.news()

    def refuse(self, request, reason, status=401, **how):
        answer = exchange(self.gateway.port, request, **how)
        self.assertEqual(answer.status, status)
        self.assertEqual(self.gateway.news(), [f"refused: {reason}"])
        self.assertEqual(self.upstream.quiet(0.02), [])
        return answer

    def test_one_opaque_401(self):
        wrong = "0" * 64
        answers = [
            self.refuse(kore.request(signature=wrong), "signature-mismatch"),
            self.refuse(kore.request(signature=False), "signature-missing"),
            self.refuse(kore.request(signature=""), "signature-empty"),
            self.refuse(kore.request(signature="zz"), "signature-format"),
            self.refuse(kore.request(headers=[f"kore-signature: {wrong}"]), "signature-duplicate"),
            self.refuse(kore.request(headers=["KORE-SIGNATURE: "]), "signature-duplicate"),
            self.refuse(kore.request(content_type="text/plain"), "content-type"),
            self.refuse(kore.request(content_type=None), "content-type"),
            self.refuse(kore.request(headers=["Content-Type: application/json"]), "content-type"),
            self.refuse(kore.request(content_type="application/json; charset=utf-7"), "charset"),
            self.refuse(kore.request(headers=["Content-Encoding: gzip"]), "content-encoding"),
            self.refuse(kore.request(b""), "empty-body"),
            self.refuse(kore.request(b"", chunked=[]), "empty-body"),
            self.refuse(kore.request(b"a\0b"), "nul-in-body"),
            self.refuse(kore.request(b'{"a":1 2}', content_type=kore.JSON_TYPE), "json-malformed"),
            self.refuse(kore.request(b'"a"', content_type=kore.JSON_TYPE), "json-top-level"),
            self.refuse(kore.request(b"[" * 65 + b"]" * 65, content_type=kore.JSON_TYPE), "json-too-deep"),
            self.refuse(kore.request(b'{"a":1}'), "content-type-confusion"),
            self.refuse(kore.request(method="PUT"), "method-unsupported"),
            self.refuse(kore.request(method="GET"), "get-disabled"),
            self.refuse(kore.request(b"", kore.sign(b"", method="GET"), method="GET"), "get-disabled"),
            self.refuse(kore.request(path="/kore/?a=1", signature=kore.sign(kore.FORM, url=kore.URL + "?")[::-1]),
                        "signature-mismatch"),
        ]
        pages = {(answer.body, re.sub(rb"(?m)^Date:.*\r\n", b"", answer.head)) for answer in answers}
        self.assertEqual(len(pages), 1, "every refusal looks the same")
        self.assertNotIn(b"signature", answers[0].body.lower())

    def test_without_a_length_there_is_no_body(self):
        request = kore.request().replace(b"Content-Length", b"X-Length")
        with Connection(self.gateway.port) as connection:
            connection.send(request)
            self.assertEqual(connection.answer().status, 401)
        self.assertIn("refused: empty-body", self.gateway.news())
        self.assertEqual(self.upstream.quiet(), [])

    def test_access_log(self):
        self.refuse(kore.request(signature="zz"), "signature-format")
        self.assertEqual(exchange(self.gateway.port, kore.request()).status, 204)
        # A line is written after its answer.
        self.upstream.quiet()
        rows = self.gateway.access()
        self.assertIn(["401", "refused", "signature-format", "-", "-", "kore-sha256"], rows)
        self.assertIn(["204", "accepted", "ok", kore.delivery_key(kore.FORM), "0", "kore-sha256"], rows)

    def test_level_of_the_log(self):
        signature = kore.sign(kore.FORM, url="https://h.example/any/")[::-1]
        exchange(self.gateway.port, kore.request(path="/any/", signature=signature))
        self.assertIn("[warn]", [line for line in self.gateway.log().splitlines() if "/any/" in line][-1])
        exchange(self.gateway.port, kore.request(signature=signature))
        self.assertIn("[error]", [line for line in self.gateway.log().splitlines() if "/kore/" in line][-1])

    def test_satisfy_any_does_not_overrule(self):
        self.refuse(kore.request(path="/any/", signature="0" * 64), "signature-mismatch")

    def test_too_large(self):
        body = b"a" * (MIB + 1)
        signature = kore.sign(body)
        chunks = [body[at:at + 9999] for at in range(0, len(body), 9999)]
        self.refuse(kore.request(body, signature), "body-too-large", 413)
        self.refuse(kore.request(b"", signature, chunked=chunks), "body-too-large", 413)
        self.refuse(kore.request(b"x" * 101, path="/small/"), "body-too-large", 413)
        self.refuse(kore.request(b"", path="/small/", chunked=[b"x" * 60, b"y" * 41]), "body-too-large", 413)
        # What outranks the length is the reason.
        self.refuse(kore.request(body, signature, method="PUT"), "method-unsupported", 401)
        # And what nginx finds too large by itself never comes to the module.
        answer = exchange(self.gateway.port, kore.request(b"x" * (4 * MIB + 1)))
        self.assertEqual((answer.status, self.gateway.news()), (413, []))
        body = b"a" * 100
        request = kore.request(body, kore.sign(body, url="https://h.example/small/"), path="/small/")
        self.assertEqual(exchange(self.gateway.port, request).status, 204)

    def test_keep_alive_after_a_refusal(self):
        """The next request on the connection is what follows the body, whether that was read or not."""
        smuggled = b"POST /kore/ HTTP/1.1\r\nHost: a\r\n\r\n"
        large = smuggled * 3000
        early = [kore.request(body, signature=False) for body in (b"", kore.FORM, smuggled, large)]
        late = [kore.request(body, "0" * 64) for body in (kore.FORM, smuggled, large)]
        chunked = [kore.request(b"", signature, chunked=[smuggled, large])
                   for signature in (False, "0" * 64)]
        for request in early + late + chunked:
            for pieces in (1, 3):
                with self.subTest(request=request[:200], length=len(request), pieces=pieces):
                    self.upstream.take()
                    self.gateway.news()
                    with Connection(self.gateway.port) as connection:
                        connection.send(request, pieces=pieces, pause=0.01 if pieces > 1 else 0)
                        self.assertEqual(connection.answer().status, 401)
                        connection.send(kore.request())
                        answer = connection.answer()
                        # Either the body was drained, or the connection is closed.
                        if answer is not None:
                            self.assertEqual(answer.status, 204)
                    arrived = self.upstream.quiet(0.02)
                    self.assertEqual([each.body for each in arrived], [kore.FORM] if answer else [])
                    self.assertEqual(len([line for line in self.gateway.news() if "refused" in line]), 1)

    def test_connection_closes_in_the_middle_of_what_is_too_large(self):
        smuggled = kore.request()
        for path, method, status, reason in (("/small/", "POST", 413, "body-too-large"),
                                             ("/watch/", "POST", 413, "body-too-large"),
                                             # Not one of the answers that end a connection by themselves.
                                             ("/watch/", "PUT", 401, "method-unsupported")):
            with self.subTest(path=path, method=method):
                request = kore.request(b"", path=path, method=method, chunked=[b"x" * 101])
                with Connection(self.gateway.port) as connection:
                    connection.send(request[:-5])
                    self.assertEqual(connection.answer().status, status)
                    try:
                        connection.send(smuggled)
                    except OSError:
                        pass
                    self.assertTrue(connection.ended(10))
                self.assertEqual(self.gateway.news(), [f"refused: {reason}"])
                self.assertEqual(self.upstream.quiet(), [])

    def test_expect_100_continue_is_answered_from_the_head(self):
        request = kore.request(signature=False, headers=["Expect: 100-continue"])
        with Connection(self.gateway.port) as connection:
            connection.send(request.split(b"\r\n\r\n")[0] + b"\r\n\r\n")
            self.assertEqual(connection.answer().status, 401)

    def test_client_abort(self):
        """A body that breaks off reaches nobody, in memory or in a file, wherever it breaks."""
        for path in ("/kore/", "/file/"):
            body = b"a" * 5000
            request = kore.request(body, kore.sign(body, url=kore.URL if path == "/kore/" else
                                                   "https://h.example/file/"), path=path)
            chunked = kore.request(b"", kore.sign(body), path=path, chunked=[body])
            for whole in (request, chunked):
                for cut in (10, len(whole) - 4999, len(whole) - 2500, len(whole) - 1):
                    with Connection(self.gateway.port) as connection:
                        connection.send(whole[:cut])
        self.assertEqual(self.upstream.quiet(0.3), [])
        self.assertEqual(exchange(self.gateway.port, kore.request()).status, 204)

    def test_slow_client(self):
        """A body that doesn't come to its end in time reaches nobody either."""
        request = kore.request(signature=kore.sign(kore.FORM, url="https://h.example/slow/"), path="/slow/")
        with Connection(self.gateway.port) as connection:
            connection.send(request[:-1])
            self.assertTrue(connection.ended(10) or connection.buffer.startswith(b"HTTP/1.1 408"))
        self.assertEqual(self.upstream.quiet(), [])

    def test_upstream_down(self):
        request = kore.request(signature=kore.sign(kore.FORM, url="https://h.example/dead/"), path="/dead/")
        self.assertEqual(exchange(self.gateway.port, request).status, 502)

    def test_error_page_gets_no_refused_body(self):
        for signature in (False, "0" * 64):
            for chunked in (None, [kore.FORM]):
                with self.subTest(signature=signature, chunked=chunked):
                    request = kore.request(kore.FORM if chunked is None else b"", signature, path="/page/",
                                           chunked=chunked)
                    exchange(self.gateway.port, request)
                    received, = self.upstream.take()
                    self.assertEqual((received.body, received.header("Content-Length")), (b"", "0"))
                    self.assertEqual(received.all("X-Korewebhook-Verdict"), [])

    def test_a_verdict_outlives_a_redirect(self):
        request = kore.request(signature=kore.sign(kore.FORM, url="https://h.example/fallback/"), path="/fallback/")
        self.assertEqual(exchange(self.gateway.port, request).status, 204)
        received, = self.upstream.take()
        self.assertEqual((received.body, received.header("X-Korewebhook-Verdict")), (kore.FORM, "accepted"))

    def test_a_body_that_was_read_elsewhere_is_not_verified(self):
        self.assertEqual(exchange(self.gateway.port, kore.request(path="/read/")).status, 503)
        self.assertIn("comes from another location", self.gateway.news()[0])
        self.assertEqual(self.upstream.quiet(), [])

    def test_a_subrequest_is_not_verified(self):
        exchange(self.gateway.port, kore.request(path="/sub/"))
        self.assertEqual(self.upstream.quiet(), [])
        self.assertIn("comes from another location", self.gateway.news()[0])

    def test_mirror_copies_what_was_verified(self):
        body, canonical = kore.pretty({"a": 1})
        signature = kore.sign(canonical, url="https://h.example/mirrored/")
        how = {"path": "/mirrored/", "content_type": kore.JSON_TYPE}
        self.assertEqual(exchange(self.gateway.port, kore.request(body, signature, **how)).status, 204)
        arrived = self.upstream.quiet()
        self.assertEqual([each.body for each in arrived], [canonical] * 2)
        self.assertEqual(exchange(self.gateway.port, kore.request(body, signature[::-1], **how)).status, 401)
        self.assertEqual(self.upstream.quiet(), [])


if __name__ == "__main__":
    unittest.main()
