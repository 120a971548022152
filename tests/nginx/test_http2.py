"""HTTP/2, spoken in the clear by the few frames that it takes."""

import socket
import struct
import unittest

import kore
from gateway import Gateway, free_port, location
from upstream import Upstream

DATA, HEADERS, SETTINGS, GOAWAY, WINDOW_UPDATE = 0, 1, 4, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def literal(name, value):
    """A field that is neither indexed nor compressed (RFC 7541, section 6.2.2), under 127 bytes."""
    return b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()


class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0))
        self.stream = -1

    def close(self):
        self.socket.close()

    def exactly(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise ConnectionError("closed")
            data += more
        return data

    def request(self, fields, pieces):
        """Sends a request and gives its status; one piece of the body is one DATA frame."""
        self.stream += 2
        block = b"".join(literal(name, value) for name, value in fields)
        self.socket.sendall(frame(HEADERS, END_HEADERS | (0 if pieces else END_STREAM), self.stream, block))
        for at, piece in enumerate(pieces, 1):
            self.socket.sendall(frame(DATA, END_STREAM if at == len(pieces) else 0, self.stream, piece))
        status, ended = None, False
        while not ended:
            head = self.exactly(9)
            size = int.from_bytes(head[:3], "big")
            kind, flags, stream = struct.unpack(">BBI", head[3:])
            payload = self.exactly(size)
            if kind == SETTINGS and not flags & ACK:
                self.socket.sendall(frame(SETTINGS, ACK, 0))
            elif kind == GOAWAY:
                raise ConnectionError(payload)
            elif stream == self.stream and kind == HEADERS:
                # nginx may begin with a size of its table. 204 has an index, others are three digits.
                while payload[0] & 0xE0 == 0x20:
                    payload = payload[1:]
                status = 204 if payload[0] == 0x89 else int(payload[2:5])
            ended = stream == self.stream and kind in (HEADERS, DATA) and bool(flags & END_STREAM)
        return status


class Http2(unittest.TestCase):
    def setUp(self):
        self.upstream = Upstream()
        port = free_port()
        self.gateway = Gateway()
        self.gateway.secret("kore", kore.SECRET)
        self.gateway.configure(
            f"listen 127.0.0.1:{port} http2;\n" + location(self.upstream)
            + location(self.upstream, "client_body_buffer_size 1k;", path="/file/", url="https://h.example/file/"))
        self.gateway.start()
        self.client = Client(port)

    def tearDown(self):
        self.client.close()
        self.gateway.stop()
        self.upstream.close()

    def send(self, body, signature, size, *more, path="/kore/", length=True):
        fields = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "gateway"),
                  ("content-type", kore.JSON_TYPE), *more]
        if signature is not None:
            fields.append(("kore-signature", signature))
        if length:
            fields.append(("content-length", str(len(body))))
        return self.client.request(fields, [body[at:at + size] for at in range(0, len(body), size)])

    def test_accepted_and_refused(self):
        body, canonical = kore.pretty({"a": ["x" * 700, {"b": 1}] * 20})
        for path, url in (("/kore/", kore.URL), ("/file/", "https://h.example/file/")):
            good = kore.sign(canonical, url=url)
            for length in (True, False):
                for size in (len(body), 1000, 97):
                    with self.subTest(path=path, length=length, size=size):
                        spoof = ("x-korewebhook-key", "spoofed")
                        self.assertEqual(self.send(body, good, size, spoof, path=path, length=length), 204)
                        received, = self.upstream.take()
                        self.assertEqual(received.body, canonical)
                        self.assertEqual(received.header("Content-Length"), str(len(canonical)))
                        self.assertEqual(received.header("X-Korewebhook-Key"), kore.delivery_key(canonical, url))
                        for bad in (None, "0" * 64):
                            self.assertEqual(self.send(body, bad, size, path=path, length=length), 401)
                        self.assertEqual(self.upstream.take(), [])

    def test_too_large_and_empty(self):
        # Within the window that a client has without asking.
        self.gateway.configure(self.gateway.settings["server"].replace(
            "korewebhook_secret_file", "korewebhook_max_body 20000; korewebhook_secret_file"))
        self.gateway.reload()
        self.client.close()
        self.client = Client(int(self.gateway.settings["server"].split(":")[1].split(" ")[0]))
        self.assertEqual(self.send(b"{" + b" " * 20_000, "0" * 64, 5000, length=False), 413)
        self.assertEqual(self.send(b"{" + b" " * 20_000, "0" * 64, 5000), 413)
        self.assertEqual(self.send(b"", "0" * 64, 1, length=False), 401)
        self.assertEqual(self.upstream.quiet(), [])


if __name__ == "__main__":
    unittest.main()
