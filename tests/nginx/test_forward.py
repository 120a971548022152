"""What is accepted reaches the upstream in its canonical form, however it came."""

import random
import re
import unittest

import kore
from gateway import Gateway, location
from upstream import Upstream
from wire import Connection, exchange

MIB = 1024 * 1024


class Forward(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream()
        cls.gateway = Gateway()
        cls.gateway.secret("kore", kore.SECRET)
        cls.gateway.configure(
            location(cls.upstream)
            + location(cls.upstream, "client_body_buffer_size 1k;", path="/file/", url="https://h.example/file/")
            + location(cls.upstream, "client_body_in_file_only clean;", "client_body_in_single_buffer on;",
                       "proxy_set_header X-Length $content_length;", path="/disk/", url="https://h.example/disk/")
            + location(cls.upstream, "proxy_http_version 1.1;", "proxy_request_buffering off;", path="/open/",
                       url="https://h.example/open/"))
        cls.gateway.start()

    @classmethod
    def tearDownClass(cls):
        cls.gateway.stop()
        cls.upstream.close()

    def setUp(self):
        self.upstream.take()
        self.gateway.news()

    def deliver(self, request, canonical, **how):
        """Sends a delivery that is accepted and gives what the upstream got."""
        answer = exchange(self.gateway.port, request, **how)
        self.assertEqual(answer.status, 204, self.gateway.news())
        return self.arrived(canonical)

    def arrived(self, canonical):
        received, = self.upstream.take()
        self.assertEqual(received.body, canonical)
        self.assertEqual(received.header("Content-Length"), str(len(canonical)))
        self.assertEqual(received.all("Transfer-Encoding"), [])
        self.assertEqual(received.header("X-Korewebhook-Verdict"), "accepted")
        return received

    def test_a_form_as_it_came(self):
        received = self.deliver(kore.request(), kore.FORM)
        self.assertEqual(received.header("X-Korewebhook-Key"), kore.delivery_key(kore.FORM))
        self.assertEqual(received.header("X-Korewebhook-Secret-Index"), "0")
        self.assertEqual(received.header("X-Korewebhook-Scheme"), "kore-sha256")
        self.assertEqual(received.all("X-Korewebhook-Reason"), [])
        self.assertEqual(received.header("Kore-Signature"), kore.sign(kore.FORM))
        self.assertEqual(received.header("Kore-Idempotency-Token"), "RQ1")
        self.assertEqual(received.line, "POST /kore/ HTTP/1.0")

    def test_json_without_its_white_space(self):
        body, canonical = kore.pretty({"id": "1", "data": [1, 2, {"a b": "c  d"}]})
        self.assertLess(len(canonical), len(body))
        request = kore.request(body, content_type=kore.JSON_TYPE, canonical=canonical)
        received = self.deliver(request, canonical)
        self.assertEqual(received.header("X-Korewebhook-Key"), kore.delivery_key(canonical))

    def test_published_vectors(self):
        for case in kore.vectors("kore_published"):
            with self.subTest(secret=case["secret"]):
                body = case["body"].encode()
                with Gateway() as gateway:
                    gateway.secret("kore", case["secret"].encode())
                    gateway.configure(location(self.upstream, url=case["url"]))
                    gateway.reload()
                    request = kore.request(body, case["signature"], content_type=case["content_type"])
                    self.assertEqual(exchange(gateway.port, request).status, 204)
                self.arrived(body if b"{" not in body else b'{"field1":"value1","field2":"value2"}')

    def test_keys(self):
        for case in kore.vectors("keys"):
            with self.subTest(case["name"]):
                body = canonical = case["body"].encode()
                content_type = kore.FORM_TYPE
                if case["format"] == "json":
                    content_type = kore.JSON_TYPE
                    canonical = re.sub(rb'("(?:\\.|[^"\\])*")|\s+', rb"\1", body)
                received = self.deliver(kore.request(body, content_type=content_type, canonical=canonical), canonical)
                self.assertEqual(received.header("X-Korewebhook-Key"), case["delivery"])

    def test_chunked(self):
        body, canonical = kore.pretty({"a": [1, 2, 3], "b": "x y"})
        signature = kore.sign(canonical)
        for size in (1, 3, 7, len(body)):
            chunks = [body[at:at + size] for at in range(0, len(body), size)]
            for pieces in (1, 40):
                with self.subTest(size=size, pieces=pieces):
                    request = kore.request(b"", signature, content_type=kore.JSON_TYPE, chunked=chunks)
                    self.deliver(request, canonical, pieces=pieces, pause=0.001 if pieces > 1 else 0)

    def test_many_segments(self):
        body, canonical = kore.pretty({"a": [1, 2, 3], "b": "x y"})
        request = kore.request(body, content_type=kore.JSON_TYPE, canonical=canonical)
        self.deliver(request, canonical, pieces=len(request), pause=0.0005)

    def test_http_1_0(self):
        self.deliver(kore.request(version="1.0"), kore.FORM)

    def test_expect_100_continue(self):
        request = kore.request(headers=["Expect: 100-continue"])
        head, body = request.split(b"\r\n\r\n")
        with Connection(self.gateway.port) as connection:
            connection.send(head + b"\r\n\r\n")
            self.assertEqual(connection.answer().status, 100)
            connection.send(body)
            self.assertEqual(connection.answer().status, 204)
        self.assertEqual(self.arrived(kore.FORM).all("Expect"), [])

    def test_pipelined(self):
        body, canonical = kore.pretty({"n": 2})
        second = kore.request(body, content_type=kore.JSON_TYPE, canonical=canonical)
        chunked = kore.request(b"", kore.sign(kore.FORM), chunked=[kore.FORM[:5], kore.FORM[5:]])
        with Connection(self.gateway.port) as connection:
            connection.send(kore.request() + second + chunked + second)
            self.assertEqual([connection.answer().status for _ in range(4)], [204] * 4)
        self.assertEqual([each.body for each in self.upstream.take()], [kore.FORM, canonical, kore.FORM, canonical])

    def test_one_mebibyte(self):
        """White space counts for the bound, which is that of what comes over the wire."""
        filling = b'{"a":"' + b"x" * 700_000 + b'"'
        body = filling + b" " * (MIB - len(filling) - 1) + b"}"
        self.assertEqual(len(body), MIB)
        canonical = filling + b"}"
        chunks = [body[at:at + 5000] for at in range(0, MIB, 5000)]
        for path, url in (("/kore/", kore.URL), ("/file/", "https://h.example/file/"),
                          ("/open/", "https://h.example/open/")):
            signature = kore.sign(canonical, url=url)
            for how in ({"chunked": None}, {"chunked": chunks}):
                with self.subTest(path=path, chunked=bool(how["chunked"])):
                    self.deliver(kore.request(body, signature, path=path, content_type=kore.JSON_TYPE, **how),
                                 canonical, pieces=50)

    def test_every_size_around_the_buffers(self):
        """Bodies that just fit into nginx's buffers, or just don't, in memory and in a file."""
        for size in (1, 2, 511, 1023, 1024, 1025, 1279, 1280, 1281, 2047, 2048, 2049, 16383, 16384, 16385, 20480,
                     20481, 40000):
            body = b"a" * size
            spaced = b'{ "a" :\t"' + body + b'" }'
            canonical = b'{"a":"' + body + b'"}'
            for path, url in (("/kore/", kore.URL), ("/file/", "https://h.example/file/")):
                for pieces in (1, 3):
                    with self.subTest(size=size, path=path, pieces=pieces):
                        how = {"pieces": pieces, "pause": 0.002 if pieces > 1 else 0}
                        self.deliver(kore.request(body, kore.sign(body, url=url), path=path), body, **how)
                        self.deliver(kore.request(spaced, kore.sign(canonical, url=url), path=path,
                                                  content_type=kore.JSON_TYPE), canonical, **how)
                        self.deliver(kore.request(b"", kore.sign(canonical, url=url), path=path,
                                                  content_type=kore.JSON_TYPE, chunked=[spaced[:7], spaced[7:]]),
                                     canonical, **how)

    def test_white_space_only_until_the_end(self):
        """Whole buffers without one canonical byte."""
        body = b"{" + b" \n\r\t" * 10_000 + b'"a":1' + b"\n" * 50_000 + b"}"
        for path, url in (("/kore/", kore.URL), ("/file/", "https://h.example/file/")):
            self.deliver(kore.request(body, kore.sign(b'{"a":1}', url=url), path=path, content_type=kore.JSON_TYPE),
                         b'{"a":1}')

    def test_random_cuts(self):
        """Chunks, segments and white space wherever they fall, into small buffers and large ones."""
        chance = random.Random(20260102)
        for number in range(150):
            tokens = [b"{", b'"a"', b":", b"["]
            for _ in range(chance.choice((1, 20, 400))):
                tokens += [b'"' + b"x " * chance.randrange(20) + b'"', b","]
            tokens += [b"0", b"]", b"}"]
            spaces = [chance.choice((b"", b"", b" ", b"\r\n\t", b" " * chance.randrange(600))) for _ in tokens]
            body = b"".join(part for pair in zip(tokens, spaces, strict=True) for part in pair)
            canonical = b"".join(tokens)
            chunks = None
            if number % 2:
                cuts = sorted(chance.sample(range(1, len(body)), min(len(body) - 1, chance.choice((1, 7, 60)))))
                chunks = [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
            path, url = chance.choice((("/kore/", kore.URL), ("/file/", "https://h.example/file/"),
                                       ("/open/", "https://h.example/open/")))
            request = kore.request(b"" if chunks else body, kore.sign(canonical, url=url), path=path,
                                   content_type=kore.JSON_TYPE, chunked=chunks)
            with self.subTest(number):
                pieces = chance.choice((1, 2, 9))
                self.deliver(request, canonical, pieces=pieces, pause=0.0005 if pieces > 1 else 0)

    def test_whatever_else_nginx_does_with_bodies(self):
        """A file for every body, and the length as other protocols than HTTP pass it on."""
        body, canonical = kore.pretty({"a": "x" * 3000})
        how = {"path": "/disk/", "content_type": kore.JSON_TYPE}
        signature = kore.sign(canonical, url="https://h.example/disk/")
        for request in (kore.request(body, signature, **how),
                        kore.request(b"", signature, chunked=[body[:50], body[50:]], **how)):
            received = self.deliver(request, canonical, pieces=4, pause=0.002)
            self.assertEqual(received.header("X-Length"), str(len(canonical)))

    def test_the_query_is_not_signed(self):
        received = self.deliver(kore.request(path="/kore/?foo=bar"), kore.FORM)
        self.assertEqual(received.line, "POST /kore/?foo=bar HTTP/1.0")

    def test_host_and_forwarded_headers_decide_nothing(self):
        self.deliver(kore.request(headers=["X-Forwarded-Host: evil.example", "X-Forwarded-Proto: http"]), kore.FORM)


if __name__ == "__main__":
    unittest.main()
