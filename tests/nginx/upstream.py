"""An upstream that records what it gets, byte for byte, and answers 204."""

import re
import socket
import threading
import time


class Received:
    """A request as it came: the bytes of its head, and all that followed."""

    def __init__(self, raw):
        self.raw = raw
        self.head, _, self.body = raw.partition(b"\r\n\r\n")

    @property
    def line(self):
        return self.head.split(b"\r\n")[0].decode()

    def all(self, name):
        fields = (line.split(b":", 1) for line in self.head.split(b"\r\n")[1:])
        return [value.strip().decode("latin-1") for key, value in fields if key.lower() == name.lower().encode()]

    def header(self, name):
        found = self.all(name)
        assert len(found) <= 1, f"{name} came {len(found)} times: {found}"
        return found[0] if found else None


class Upstream:
    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.received = []
        self.lock = threading.Lock()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        """nginx opens a connection for each request and closes it: all that comes belongs to it."""
        with connection:
            connection.settimeout(20)
            raw = b""
            try:
                while not complete(raw):
                    data = connection.recv(65536)
                    raw += data
                    if not data:
                        break
                self.keep(raw)
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                connection.shutdown(socket.SHUT_WR)
                while more := connection.recv(65536):
                    self.keep(b"TOO MUCH\r\n\r\n" + more)
            except OSError:
                pass

    def keep(self, raw):
        with self.lock:
            self.received.append(Received(raw))

    def take(self):
        """What came since the last time."""
        with self.lock:
            taken, self.received = self.received, []
            return taken

    def quiet(self, seconds=0.2):
        """What came since the last time, once nothing more can be under way."""
        time.sleep(seconds)
        return self.take()

    def close(self):
        # A blocked accept() isn't woken by close() alone.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def complete(raw):
    head, end, body = raw.partition(b"\r\n\r\n")
    if not end:
        return False
    if re.search(rb"(?im)^transfer-encoding:", head):
        return body.endswith(b"0\r\n\r\n")
    length = re.search(rb"(?im)^content-length:[ \t]*(\d+)", head)
    return len(body) >= (int(length[1]) if length else 0)
