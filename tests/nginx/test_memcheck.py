"""A short run under valgrind, master and workers: every way through the module, and a reload."""

import signal
import time
import unittest

import kore
from gateway import Gateway, location, tool
from upstream import Upstream
from wire import Connection, exchange

PLACES = {"/kore/": kore.URL, "/file/": "https://h.example/file/", "/pass/": "https://h.example/pass/"}


class Memcheck(unittest.TestCase):
    def setUp(self):
        self.upstream = Upstream()
        self.gateway = Gateway(level="notice")
        self.gateway.command = [tool("valgrind", "valgrind"), "--quiet", "--error-exitcode=99",
                                f"--log-file={self.gateway.folder}/logs/valgrind.%p"]
        # What a process writes of its errors, whoever it runs as.
        (self.gateway.folder / "logs").chmod(0o777)
        self.gateway.secret("kore", kore.SECRET)
        self.gateway.secret("hop", b"a-secret-of-the-hop-only")
        resign = "korewebhook_resign http://backend/ secrets/hop;"
        self.gateway.configure(
            location(self.upstream, resign)
            + location(self.upstream, resign, "client_body_buffer_size 1k;", path="/file/", url=PLACES["/file/"])
            + location(self.upstream, "korewebhook_on_refusal pass;", path="/pass/", url=PLACES["/pass/"]))
        self.gateway.start(patience=60)

    def tearDown(self):
        self.gateway.stop()
        self.upstream.close()

    def send_all(self):
        body, canonical = kore.pretty({"a": [1, 2, 3], "b": "x" * 6000})
        spoofs = ["X-Korewebhook-Key: spoofed", "A: b", "x_korewebhook_verdict: spoofed"] * 9
        how = {"content_type": kore.JSON_TYPE, "headers": spoofs}
        for path, url in PLACES.items():
            good = kore.sign(canonical, url=url)
            for signature, status in ((good, 204), ("0" * 64, 401), (False, 401)):
                for request in (kore.request(body, signature, path=path, **how),
                                kore.request(b"", signature, path=path, chunked=[body[:99], body[99:]], **how)):
                    answer = exchange(self.gateway.port, request, pieces=5, pause=0.01)
                    self.assertEqual(answer.status, 204 if path == "/pass/" else status)
            with Connection(self.gateway.port) as connection:
                connection.send(kore.request(body, good, path=path, **how)[:-10])
        large = kore.request(b"", "0" * 64, chunked=[b"x" * 1_048_577])
        self.assertEqual(exchange(self.gateway.port, large).status, 413)
        with Connection(self.gateway.port) as connection:
            connection.send(kore.request() * 3)
            self.assertEqual([connection.answer().status for _ in range(3)], [204] * 3)

    def test_every_way(self):
        self.send_all()
        # The reload: the old worker and the old configuration go, and its secrets are wiped.
        self.gateway.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + 30
        while "exited with code" not in self.gateway.log():
            self.assertLess(time.monotonic(), end, self.gateway.log())
            time.sleep(0.1)
        self.send_all()
        self.gateway.process.send_signal(signal.SIGQUIT)
        self.assertEqual(self.gateway.process.wait(timeout=30), 0)
        exits = [line.split(" exited ")[1] for line in self.gateway.log().splitlines() if " exited " in line]
        self.assertEqual(exits, ["with code 0"] * 2)
        reports = list((self.gateway.folder / "logs").glob("valgrind.*"))
        self.assertGreaterEqual(len(reports), 3)
        self.assertEqual("".join(report.read_text() for report in reports), "")


if __name__ == "__main__":
    unittest.main()
