"""Two minutes of wrk, accepted and refused requests, and a worker that doesn't grow."""

import os
import subprocess
import threading
import time
import unittest
from pathlib import Path

import kore
from gateway import Gateway, location, tool

SECONDS = int(os.environ.get("KOREWEBHOOK_WRK_SECONDS", "120"))

# What a worker may gain after its warm-up: the heap of a process is never quite still.
BOUND_KIB = 512

SCRIPT = """
wrk.method = "POST"
wrk.path = "/kore/"
wrk.headers["Content-Type"] = "{content_type}"
wrk.body = [==[{body}]==]
local count = 0
local signatures = {{ {signatures} }}
function request()
    count = count + 1
    wrk.headers["Kore-Signature"] = signatures[count % #signatures + 1]
    return wrk.format()
end
function done(summary, latency, requests)
    io.write(string.format("requests %d status %d connect %d read %d write %d timeout %d\\n", summary.requests,
        summary.errors.status, summary.errors.connect, summary.errors.read, summary.errors.write,
        summary.errors.timeout))
end
"""


class Here:
    """An upstream in the same nginx, which takes what is accepted and nothing else."""

    def __init__(self):
        from gateway import free_port
        self.port = free_port()
        self.server = (f"server {{ listen 127.0.0.1:{self.port}; location / {{ "
                       "if ($http_x_korewebhook_verdict != accepted) { return 500; } return 204; } }")


def resident(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS")


class Load(unittest.TestCase):
    def setUp(self):
        self.wrk = tool("wrk", "wrk")
        upstream = Here()
        self.gateway = Gateway(http=upstream.server, level="crit", access="off")
        self.gateway.secret("kore", kore.SECRET)
        self.gateway.secret("pending", b"the-pending-secret")
        self.gateway.secret("hop", b"a-secret-of-the-hop-only")
        self.gateway.configure(location(upstream, "client_body_buffer_size 4k;",
                                        "korewebhook_resign http://backend/ secrets/hop;",
                                        secrets=["secrets/pending", "secrets/kore"]))
        self.gateway.start()

    def tearDown(self):
        self.gateway.stop()

    def hammer(self, seconds, body, content_type, signatures):
        """Runs wrk and samples the worker's memory: its numbers, and the samples after the warm-up."""
        script = self.gateway.folder / "load.lua"
        script.write_text(SCRIPT.format(body=body.decode(), content_type=content_type,
                                        signatures=", ".join(f'"{each}"' for each in signatures)))
        worker, = self.gateway.workers()
        samples = []
        done = threading.Event()

        def sample():
            while not done.wait(0.25):
                samples.append(resident(worker))

        thread = threading.Thread(target=sample)
        thread.start()
        run = subprocess.run([self.wrk, "-t1", "-c16", f"-d{seconds}s", "-s", str(script),
                              f"http://127.0.0.1:{self.gateway.port}/kore/"], capture_output=True, text=True,
                             check=False)
        done.set()
        thread.join()
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        line = next(line for line in run.stdout.splitlines() if line.startswith("requests "))
        words = line.split()
        numbers = {name: int(value) for name, value in zip(words[::2], words[1::2], strict=True)}
        self.assertEqual({worker}, self.gateway.workers(), "the worker is still the same")
        self.assertEqual((numbers["connect"], numbers["read"], numbers["write"], numbers["timeout"]), (0, 0, 0, 0))
        self.assertGreater(numbers["requests"], 500 * seconds)
        warm = samples[len(samples) // 5:]
        growth = max(warm) - warm[0]
        print(f"\n  {numbers['requests']} requests in {seconds} s, {numbers['status']} refused; "
              f"{warm[0]} KiB after the warm-up, at most {growth} KiB more", flush=True)
        self.assertLess(growth, BOUND_KIB)
        return numbers

    def test_accepted_and_refused(self):
        started = time.monotonic()
        body, canonical = kore.pretty({"id": "1", "data": [{"iccid": "8988307000000000123", "n": n}
                                                           for n in range(20)]})
        good = kore.sign(canonical)
        # Three quarters of the time for what is accepted, the rest for what isn't, and for bodies in files.
        numbers = self.hammer(max(2, SECONDS * 3 // 4), body, kore.JSON_TYPE, [good])
        self.assertEqual(numbers["status"], 0, "every one was accepted")
        numbers = self.hammer(max(2, SECONDS // 8), body, kore.JSON_TYPE, ["0" * 64, "", "zz"])
        self.assertEqual(numbers["status"], numbers["requests"], "every one was refused")
        body, canonical = kore.pretty({"a": ["x" * 1000] * 12})
        self.hammer(max(2, SECONDS // 8), body, kore.JSON_TYPE, [kore.sign(canonical), "0" * 64])
        print(f"  {time.monotonic() - started:.0f} s in all", flush=True)


if __name__ == "__main__":
    unittest.main()
