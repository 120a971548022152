"""A secret is rotated under load: no delivery is lost, none is wrongly refused, none comes twice."""

import itertools
import threading
import time
import unittest

import kore
from gateway import Gateway, location
from upstream import Upstream
from wire import Connection

ROTATIONS = 6
SENDERS = 4
PER_ROTATION = 600


class Sender:
    """Sends deliveries as fast as they are answered, each on a connection of its own and with a body of its own."""

    def __init__(self, port):
        self.port = port
        self.numbers = itertools.count()
        self.secrets = [kore.SECRET]
        self.sent = {}
        self.going = True
        self.threads = [threading.Thread(target=self.run) for _ in range(SENDERS)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.going = False
        for thread in self.threads:
            thread.join()

    def run(self):
        while self.going:
            number = next(self.numbers)
            secrets = self.secrets
            secret = secrets[number % len(secrets)]
            body, canonical = kore.pretty({"n": number, "filling": "x" * (number % 7 * 1000)})
            request = kore.request(body, kore.sign(canonical, secret), content_type=kore.JSON_TYPE,
                                   headers=["Connection: close"])
            # In two pieces, so that a reload finds bodies under way.
            try:
                with Connection(self.port) as connection:
                    connection.send(request, pieces=2, pause=0.005 if number % 5 == 0 else 0)
                    answer = connection.answer()
                status = answer.status if answer else "no answer"
            except OSError as error:
                status = repr(error)
            self.sent[canonical] = status

    def wait_for(self, count):
        end = time.monotonic() + 60
        goal = len(self.sent) + count
        while len(self.sent) < goal:
            if time.monotonic() > end:
                raise RuntimeError(f"only {len(self.sent)} of {goal} deliveries were answered")
            time.sleep(0.01)


class Reload(unittest.TestCase):
    def test_rotation_under_load(self):
        upstream = Upstream()
        gateway = Gateway(workers=2, level="notice")
        secrets = [kore.SECRET] + [b"rotated-secret-%04d" % number for number in range(ROTATIONS)]
        files = [gateway.secret(f"s{number}", secret) for number, secret in enumerate(secrets)]
        gateway.configure(location(upstream, secrets=files[:1]))
        gateway.start()
        sender = Sender(gateway.port)
        sender.start()
        try:
            for number in range(ROTATIONS):
                # The new one is added, KORE switches and repeats what the old one signed, the old one goes.
                gateway.configure(location(upstream, secrets=files[number:number + 2]))
                gateway.reload()
                sender.secrets = secrets[number:number + 2]
                sender.wait_for(PER_ROTATION)
                sender.secrets = secrets[number + 1:number + 2]
                sender.wait_for(SENDERS * 3)
                gateway.configure(location(upstream, secrets=files[number + 1:number + 2]))
                gateway.reload()
                sender.wait_for(PER_ROTATION // 4)
        finally:
            sender.stop()
            received = upstream.quiet()
            status = gateway.stop()
            upstream.close()
        self.assertEqual(status, 0)
        wrong = {body[:60]: answer for body, answer in sender.sent.items() if answer != 204}
        self.assertEqual(wrong, {})
        self.assertGreater(len(sender.sent), ROTATIONS * PER_ROTATION)
        bodies = [each.body for each in received]
        self.assertEqual(len(bodies), len(set(bodies)))
        self.assertEqual(set(bodies), set(sender.sent))

    def test_a_removed_secret_is_refused(self):
        upstream = Upstream()
        gateway = Gateway()
        files = [gateway.secret("old", b"the-old-secret-1"), gateway.secret("new", b"the-new-secret-1")]
        old, new = (kore.request(signature=kore.sign(kore.FORM, secret))
                    for secret in (b"the-old-secret-1", b"the-new-secret-1"))
        gateway.configure(location(upstream, secrets=files))
        with gateway, Connection(gateway.port) as kept:
            for request, status, index in ((old, 204, "0"), (new, 204, "1")):
                kept.send(request)
                self.assertEqual(kept.answer().status, status)
                self.assertEqual(upstream.take()[0].header("X-Korewebhook-Secret-Index"), index)
            gateway.configure(location(upstream, secrets=files[1:]))
            gateway.reload()
            for request, status in ((old, 401), (new, 204)):
                with Connection(gateway.port) as connection:
                    connection.send(request)
                    self.assertEqual(connection.answer().status, status)
            # A file that can't be read leaves what runs as it is.
            (gateway.folder / "secrets/new").unlink()
            self.assertFalse(gateway.check()[0])
            with Connection(gateway.port) as connection:
                connection.send(new)
                self.assertEqual(connection.answer().status, 204)
        upstream.close()


if __name__ == "__main__":
    unittest.main()
