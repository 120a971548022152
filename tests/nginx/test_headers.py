"""What only the gateway may say can't be said by a client; nothing else is touched."""

import unittest

import kore
from gateway import Gateway, location
from upstream import Upstream
from wire import exchange


class Headers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream()
        # As lenient as nginx can be made, so that every spelling comes to the module.
        cls.gateway = Gateway(http="underscores_in_headers on; ignore_invalid_headers off;")
        cls.gateway.secret("kore", kore.SECRET)
        cls.gateway.configure(
            location(cls.upstream)
            + location(cls.upstream, "korewebhook_on_refusal pass;", path="/pass/", url="https://h.example/pass/")
            + location(cls.upstream, "if ($http_x_korewebhook_key) { return 403; }", "auth_request /auth;",
                       path="/auth-first/", url="https://h.example/auth-first/")
            + f"location = /auth {{ internal; proxy_pass http://127.0.0.1:{cls.upstream.port}/auth; "
              "proxy_pass_request_body off; proxy_set_header Content-Length ''; }\n"
            + f"location /off/ {{ proxy_pass http://127.0.0.1:{cls.upstream.port}; }}\n")
        cls.gateway.start()

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()
        cls.upstream.close()

    def setUp(self):
        self.upstream.take()

    SPOOFS = [
        "X-Korewebhook-Verdict: spoofed",
        "x-korewebhook-verdict: spoofed",
        "X-KOREWEBHOOK-KEY: spoofed",
        "X_Korewebhook_Key: spoofed",
        "X-Korewebhook_Secret: spoofed",
        "x.korewebhook.scheme: spoofed",
        "X-Korewebhook-Verdict: spoofed",
        "X-Korewebhook-Reason: spoofed",
        "X-Korewebhook-Future: spoofed",
        "X-Korewebhook: spoofed",
        "Kore_Signature: spoofed",
        "KORE.SIGNATURE: spoofed",
    ]

    def test_spoofed_headers_are_stripped(self):
        others = [f"X-Other-{number}: kept" for number in range(60)]
        mixed = [line for pair in zip(others, self.SPOOFS * 5, strict=True) for line in pair]
        for headers in (self.SPOOFS, mixed, self.SPOOFS * 20):
            answer = exchange(self.gateway.port, kore.request(headers=headers))
            self.assertEqual(answer.status, 204)
            received, = self.upstream.take()
            self.assertNotIn(b"spoofed", received.raw)
            self.assertEqual(received.header("X-Korewebhook-Verdict"), "accepted")
            self.assertEqual(received.header("X-Korewebhook-Key"), kore.delivery_key(kore.FORM))
            self.assertEqual(received.header("Kore-Signature"), kore.sign(kore.FORM))
            kept = [line for line in received.head.decode().split("\r\n") if "kept" in line]
            self.assertEqual(kept, [line for line in headers if "kept" in line], "and in their order")

    def test_nothing_but_spoofs(self):
        request = "POST /pass/ HTTP/1.0\r\nX-Korewebhook-Verdict: spoofed\r\n\r\n".encode()
        self.assertEqual(exchange(self.gateway.port, request).status, 204)
        received, = self.upstream.take()
        self.assertNotIn(b"spoofed", received.raw)
        self.assertEqual(received.header("X-Korewebhook-Verdict"), "refused")

    def test_what_looks_similar_stays(self):
        names = ["X-Korewebhoo", "X-Kore-Webhook-Verdict", "Korewebhook-Verdict", "XX-Korewebhook-Key",
                 "Kore-Signature-2", "Kore-Signatur"]
        answer = exchange(self.gateway.port, kore.request(headers=[f"{name}: kept" for name in names]))
        self.assertEqual(answer.status, 204)
        received, = self.upstream.take()
        self.assertEqual([received.header(name) for name in names], ["kept"] * len(names))

    def test_stripped_before_anything_of_the_location_sees_them(self):
        signature = kore.sign(kore.FORM, url="https://h.example/auth-first/")
        request = kore.request(path="/auth-first/", signature=signature, headers=self.SPOOFS)
        self.assertEqual(exchange(self.gateway.port, request).status, 204)
        for received in self.upstream.take():
            self.assertNotIn(b"spoofed", received.raw)

    def test_where_the_module_is_off_nothing_changes(self):
        body, _ = kore.pretty({"a": 1})
        request = kore.request(body, "0" * 64, path="/off/", content_type=kore.JSON_TYPE, headers=self.SPOOFS)
        self.assertEqual(exchange(self.gateway.port, request).status, 204)
        received, = self.upstream.take()
        self.assertEqual(received.body, body)
        self.assertEqual(received.raw.count(b"spoofed"), len(self.SPOOFS))

    def test_underscore_is_no_hyphen_to_the_verifier(self):
        request = kore.request().replace(b"Kore-Signature", b"Kore_Signature")
        self.gateway.news()
        self.assertEqual(exchange(self.gateway.port, request).status, 401)
        self.assertEqual(self.gateway.news(), ["refused: signature-missing"])

    def test_pass_tells_the_upstream(self):
        body, canonical = kore.pretty({"a": 1})
        url = "https://h.example/pass/"
        how = {"path": "/pass/", "content_type": kore.JSON_TYPE, "headers": self.SPOOFS}
        for signature, verdict, reason in ((kore.sign(canonical, url=url), "accepted", None),
                                           ("0" * 64, "refused", "signature-mismatch"),
                                           (False, "refused", "signature-missing")):
            for chunked in (None, [body]):
                with self.subTest(reason=reason, chunked=bool(chunked)):
                    request = kore.request(b"" if chunked else body, signature, chunked=chunked, **how)
                    self.assertEqual(exchange(self.gateway.port, request).status, 204)
                    received, = self.upstream.take()
                    self.assertEqual(received.body, body, "as it came")
                    self.assertEqual(received.header("Content-Length"), str(len(body)))
                    self.assertEqual(received.header("X-Korewebhook-Verdict"), verdict)
                    self.assertEqual(received.header("X-Korewebhook-Reason"), reason)
                    key = kore.delivery_key(canonical, url=url) if verdict == "accepted" else None
                    self.assertEqual(received.header("X-Korewebhook-Key"), key)
                    self.assertNotIn(b"spoofed", received.raw)

    def test_pass_holds_back_what_is_too_large(self):
        for chunked in (None, [b"x" * 1_048_577]):
            request = kore.request(b"" if chunked else b"x" * 1_048_577, "0" * 64, path="/pass/", chunked=chunked)
            self.assertEqual(exchange(self.gateway.port, request).status, 413)
        self.assertEqual(self.upstream.quiet(), [])


if __name__ == "__main__":
    unittest.main()
