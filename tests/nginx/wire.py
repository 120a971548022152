"""A client that sends bytes as they are given, and reads answers one by one."""

import re
import socket
import time


class Answer:
    def __init__(self, head, body):
        self.head = head
        self.body = body
        self.status = int(head.split(b" ", 2)[1])

    def header(self, name):
        found = re.findall(rb"(?im)^" + name.encode() + rb":[ \t]*(.*?)[ \t]*\r$", self.head)
        return found[0].decode() if found else None

    def __repr__(self):
        return f"Answer({self.head!r}, {self.body!r})"


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data, pieces=1, pause=0.0):
        """Sends the data in this many segments."""
        size = max(1, -(-len(data) // pieces))
        for at in range(0, len(data), size):
            self.socket.sendall(data[at:at + size])
            if pause:
                time.sleep(pause)

    def fill(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def answer(self):
        """The next answer; None where the connection ended instead."""
        try:
            while b"\r\n\r\n" not in self.buffer:
                if not self.fill():
                    return None
        except ConnectionResetError:
            return None
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        answer = Answer(head + b"\r\n", b"")
        if answer.status == 100:
            self.buffer = rest
            return answer
        length = int(answer.header("Content-Length") or 0)
        while len(rest) < length:
            if not self.fill():
                return None
            rest = self.buffer.partition(b"\r\n\r\n")[2]
        answer.body, self.buffer = rest[:length], rest[length:]
        return answer

    def ended(self, seconds=5.0):
        """Whether the other side closes, and sends nothing more before it."""
        self.socket.settimeout(seconds)
        try:
            return not self.buffer and not self.fill()
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False


def exchange(port, data, **how):
    """One request on a connection of its own."""
    with Connection(port) as connection:
        try:
            connection.send(data, **how)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return connection.answer()
