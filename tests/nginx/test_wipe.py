"""A secret that a reload takes away is in no process's memory any more."""

import unittest
from pathlib import Path

import kore
from gateway import Gateway, location
from upstream import Upstream
from wire import exchange

OLD, NEW, HOP = b"an-old-secret-to-be-found", b"the-new-secret-to-be-found", b"a-hop-secret-to-be-found"


def holds(pid, secret):
    """Whether the secret is in what the process may write to."""
    found = 0
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            place, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(part, 16) for part in place.split("-"))
            memory.seek(start)
            found += (memory.read(end - start) or b"").count(secret)
    return found


class Wipe(unittest.TestCase):
    def test_secrets_go_with_their_configuration(self):
        upstream = Upstream()
        gateway = Gateway()
        files = [gateway.secret("old", OLD), gateway.secret("new", NEW)]
        gateway.secret("hop", HOP)
        resign = "korewebhook_resign http://backend/ secrets/hop;"
        gateway.configure(location(upstream, resign, secrets=files))
        with gateway:
            for secret in (OLD, NEW):
                request = kore.request(signature=kore.sign(kore.FORM, secret))
                self.assertEqual(exchange(gateway.port, request).status, 204)
            processes = [gateway.process.pid, *gateway.workers()]
            self.assertEqual([[holds(pid, secret) for secret in (OLD, NEW, HOP)] for pid in processes],
                             [[1, 1, 1]] * 2, "one copy each, and none of a request's")
            gateway.configure(location(upstream, secrets=files[1:]))
            gateway.reload()
            processes = [gateway.process.pid, *gateway.workers()]
            self.assertEqual([[holds(pid, secret) for secret in (OLD, NEW, HOP)] for pid in processes],
                             [[0, 1, 0]] * 2)
        upstream.close()


if __name__ == "__main__":
    unittest.main()
