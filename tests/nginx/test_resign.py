"""The hop to the upstream has a signature and a secret of its own."""

import unittest

import kore
from gateway import Gateway, location
from upstream import Upstream
from wire import exchange

HOP = b"a-secret-of-the-hop-only"
BACKEND = "http://backend.internal/kore/"


class Resign(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream()
        cls.gateway = Gateway()
        cls.gateway.secret("kore", kore.SECRET)
        cls.gateway.secret("hop", HOP)
        resign = f"korewebhook_resign {BACKEND} secrets/hop;"
        cls.gateway.configure(
            location(cls.upstream, resign)
            + location(cls.upstream, resign, "client_body_buffer_size 1k;", path="/file/",
                       url="https://h.example/file/")
            + location(cls.upstream, resign, "korewebhook_on_refusal pass;", path="/pass/",
                       url="https://h.example/pass/")
            # The next gateway: what the first one signs is what it verifies.
            + location(cls.upstream, "korewebhook_scheme hmac-sha256;", path="/hop/", url=BACKEND,
                       secrets=["secrets/hop"]))
        cls.gateway.start()

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()
        cls.upstream.close()

    def setUp(self):
        self.upstream.take()

    def deliver(self, request, canonical):
        self.assertEqual(exchange(self.gateway.port, request, pieces=20).status, 204, self.gateway.news())
        received, = self.upstream.take()
        self.assertEqual(received.body, canonical)
        self.assertEqual(received.header("Kore-Signature"), kore.sign_hmac(canonical, HOP, BACKEND))
        return received

    def test_form_and_json(self):
        self.deliver(kore.request(), kore.FORM)
        body, canonical = kore.pretty([{"id": "1", "source": "kore-events"}])
        self.deliver(kore.request(body, content_type=kore.JSON_TYPE, canonical=canonical), canonical)

    def test_large_bodies_in_memory_and_in_a_file(self):
        body, canonical = kore.pretty({"a": ["x" * 60_000, 1, 2, 3] * 4})
        for path, url in (("/kore/", kore.URL), ("/file/", "https://h.example/file/")):
            signature = kore.sign(canonical, url=url)
            self.deliver(kore.request(body, signature, path=path, content_type=kore.JSON_TYPE), canonical)
            chunks = [body[at:at + 3000] for at in range(0, len(body), 3000)]
            self.deliver(kore.request(b"", signature, path=path, content_type=kore.JSON_TYPE, chunked=chunks),
                         canonical)

    def test_the_next_gateway_accepts_it(self):
        body, canonical = kore.pretty({"a": 1})
        received = self.deliver(kore.request(body, content_type=kore.JSON_TYPE, canonical=canonical), canonical)
        how = {"path": "/hop/", "content_type": kore.JSON_TYPE}
        again = kore.request(received.body, received.header("Kore-Signature"), **how)
        self.assertEqual(exchange(self.gateway.port, again).status, 204)
        received, = self.upstream.take()
        self.assertEqual(received.header("X-Korewebhook-Scheme"), "hmac-sha256")
        self.assertEqual(received.header("X-Korewebhook-Key"), kore.delivery_key(canonical, url=BACKEND))
        # A scheme is configuration: KORE's own is refused there, whoever has the secret.
        plain = kore.request(canonical, kore.sign(canonical, HOP, BACKEND), **how)
        self.assertEqual(exchange(self.gateway.port, plain).status, 401)

    def test_what_is_refused_is_not_signed(self):
        self.assertEqual(exchange(self.gateway.port, kore.request(signature="0" * 64)).status, 401)
        self.assertEqual(self.upstream.quiet(), [])
        self.assertEqual(exchange(self.gateway.port, kore.request(signature="0" * 64, path="/pass/")).status, 204)
        received, = self.upstream.take()
        self.assertEqual(received.header("X-Korewebhook-Verdict"), "refused")
        self.assertEqual(received.all("Kore-Signature"), [])

    def test_what_is_passed_on_and_accepted_is(self):
        body, canonical = kore.pretty({"a": 1})
        request = kore.request(body, kore.sign(canonical, url="https://h.example/pass/"), path="/pass/",
                               content_type=kore.JSON_TYPE)
        self.assertEqual(exchange(self.gateway.port, request).status, 204)
        received, = self.upstream.take()
        self.assertEqual(received.body, body)
        self.assertEqual(received.header("Kore-Signature"), kore.sign_hmac(canonical, HOP, BACKEND))


if __name__ == "__main__":
    unittest.main()
