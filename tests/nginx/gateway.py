"""A real nginx with the module, in a folder of its own, on loopback. It is stopped by its process id."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import kore

ROOT = Path(__file__).resolve().parents[2]
MODULE = Path(os.environ.get("KOREWEBHOOK_NGINX_MODULE", ROOT / "target/nginx/ngx_http_korewebhook_module.so"))


def tool(name, package):
    """A tool that the tests can't do without."""
    found = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if found is None:
        raise RuntimeError(f"{name} is missing: apt-get install {package}")
    return found


CONFIGURATION = """
load_module {module};
worker_processes {workers};
daemon off;
{main}
pid nginx.pid;
error_log logs/error.log {level};
events {{ worker_connections 1024; }}
http {{
    log_format kore '$status|$korewebhook_verdict|$korewebhook_reason|$korewebhook_key|$korewebhook_secret_index|'
                    '$korewebhook_scheme';
    access_log {access};
    client_body_temp_path tmp/body;
    proxy_temp_path tmp/proxy;
    fastcgi_temp_path tmp/fastcgi;
    uwsgi_temp_path tmp/uwsgi;
    scgi_temp_path tmp/scgi;
    client_max_body_size 4m;
    {http}
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def quoted(text):
    """A text as an argument of a directive."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Gateway:
    def __init__(self, server="", *, http="", main="", workers=1, level="info", access="logs/access.log kore",
                 command=()):
        self.nginx = tool("nginx", "nginx")
        if not MODULE.exists():
            raise RuntimeError(f"{MODULE} is missing: make nginx")
        self.folder = Path(tempfile.mkdtemp(prefix="korewebhook-nginx-"))
        # Workers have a user of their own, who needs no more than this. The secrets are read by the master.
        self.folder.chmod(0o755)
        for name in ("logs", "tmp", "secrets"):
            (self.folder / name).mkdir()
        self.port = free_port()
        self.settings = {"http": http, "main": main, "workers": workers, "level": level, "access": access}
        self.command = list(command)
        self.process = None
        self.mark = 0
        self.configure(server)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def secret(self, name, content):
        """Writes a secret file, with the line break that editors leave."""
        path = self.folder / "secrets" / name
        path.write_bytes(content + b"\n")
        path.chmod(0o600)
        return f"secrets/{name}"

    def configure(self, server, **settings):
        self.settings.update(settings, server=server)
        text = CONFIGURATION.format(module=MODULE, port=self.port, **self.settings)
        (self.folder / "nginx.conf").write_bytes(text.encode())

    def arguments(self, *more):
        log = self.folder / "logs/error.log"
        return [*self.command, self.nginx, "-p", f"{self.folder}/", "-c", "nginx.conf", "-e", str(log), *more]

    def check(self):
        """What `nginx -t` says."""
        done = subprocess.run(self.arguments("-t"), capture_output=True, check=False)
        return done.returncode == 0, done.stderr.decode(errors="replace")

    def start(self, patience=10.0):
        with open(self.folder / "logs/stderr.log", "wb") as stderr:
            self.process = subprocess.Popen(self.arguments(), stdout=stderr, stderr=stderr)
        end = time.monotonic() + patience
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    said = self.log()
                    self.stop()
                    raise RuntimeError("nginx doesn't start:\n" + said) from None
                time.sleep(0.02)

    def stop(self):
        """Ends nginx and gives its exit status."""
        status = None
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
            status = self.process.wait(timeout=30)
            self.process = None
        shutil.rmtree(self.folder, ignore_errors=True)
        return status

    def workers(self):
        """The process ids of the workers that take new connections."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(pid) for pid in children if b"shutting down" not in command_line(pid)}

    def reload(self):
        """Has nginx read its files again, and waits until only new workers take connections."""
        old = self.workers()
        subprocess.run(self.arguments("-s", "reload"), check=True, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while not self.workers() or self.workers() & old:
            if time.monotonic() > end:
                raise RuntimeError("nginx doesn't reload:\n" + self.log())
            time.sleep(0.01)
        # The title changes a moment before the sockets close.
        time.sleep(0.1)

    def log(self, name="error.log"):
        path = self.folder / "logs" / name
        return path.read_text(errors="replace") if path.exists() else ""

    def news(self, containing="korewebhook: "):
        """The lines of the error log since the last time that hold this text, and what follows it."""
        text = self.log()
        new, self.mark = text[self.mark:], len(text)
        return [line.split(containing, 1)[1].split(", client:")[0] for line in new.splitlines() if containing in line]

    def access(self):
        return [line.split("|") for line in self.log("access.log").splitlines()]


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b"shutting down"


def location(upstream, *more, path="/kore/", url=kore.URL, secrets=("secrets/kore",)):
    """A location that verifies and passes on."""
    lines = [f"korewebhook_url {quoted(url)};", f"korewebhook_secret_file {' '.join(secrets)};", *more,
             f"proxy_pass http://127.0.0.1:{upstream.port};"]
    return f"location {path} {{ {' '.join(lines)} }}\n"
