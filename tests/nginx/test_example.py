"""The example configuration and the README's directives: what is written there works."""

import re
import unittest

import kore
from gateway import MODULE, ROOT, Gateway
from upstream import Upstream
from wire import exchange

EXAMPLE = ROOT / "examples/nginx"


class Example(unittest.TestCase):
    def test_the_readme_shows_the_file(self):
        shown = re.search(r"```nginx\n(.*?)```", (EXAMPLE / "README.md").read_text(), re.S)[1]
        self.assertEqual(shown, (EXAMPLE / "nginx.conf").read_text())

    def test_the_readme_has_every_directive_and_variable(self):
        readme = (EXAMPLE / "README.md").read_text()
        module = (EXAMPLE / "ngx_http_korewebhook_module.c").read_text()
        directives = set(re.findall(r'ngx_string\("(korewebhook_\w+)"\)', module))
        self.assertEqual(directives, set(re.findall(r"^\| `(korewebhook_\w+) ", readme, re.M)))
        variables = set(re.findall(r'ngx_string\("(korewebhook_\w+)"\)',
                                   (EXAMPLE / "ngx_http_korewebhook_variables.c").read_text()))
        self.assertEqual(variables, set(re.findall(r"^\| `\$(korewebhook_\w+)`", readme, re.M)))

    def test_it_runs(self):
        """As it is, but for certificates, ports and folders."""
        upstream = Upstream()
        gateway = Gateway()
        for name, content in (("active", kore.SECRET), ("pending", b"the-pending-secret"),
                              ("hop", b"a-secret-of-the-hop-only")):
            gateway.secret(name, content)
        text = (EXAMPLE / "nginx.conf").read_text()
        for old, new in (("modules/ngx_http_korewebhook_module.so", str(MODULE)),
                         ("events {}", "daemon off; pid nginx.pid; events {}"),
                         ("/etc/korewebhook/", "secrets/"),
                         ("listen 443 ssl", f"listen 127.0.0.1:{gateway.port}"),
                         ("ssl_certificate ", "# "), ("ssl_certificate_key ", "# "),
                         ("/var/log/nginx/", "logs/"),
                         ("127.0.0.1:8080", f"127.0.0.1:{upstream.port}")):
            self.assertIn(old, text)
            text = text.replace(old, new)
        (gateway.folder / "nginx.conf").write_text(text)
        url = "https://hooks.example.com/kore/8f1c2d7a/"
        with gateway:
            for index, secret in enumerate((kore.SECRET, b"the-pending-secret")):
                request = kore.request(signature=kore.sign(kore.FORM, secret, url), path="/kore/8f1c2d7a/")
                self.assertEqual(exchange(gateway.port, request).status, 204)
                received, = upstream.take()
                self.assertEqual(received.line, "POST /kore/ HTTP/1.0")
                self.assertEqual(received.header("X-Korewebhook-Secret-Index"), str(index))
                self.assertEqual(received.header("Kore-Signature"),
                                 kore.sign_hmac(kore.FORM, b"a-secret-of-the-hop-only", "http://app.internal/kore/"))
            self.assertEqual(exchange(gateway.port, kore.request()).status, 404)
            log = gateway.log("kore.log").splitlines()
            self.assertRegex(log[0], r"^127\.0\.0\.1 \[.*\] 204 \d+ verdict=accepted reason=ok key=[0-9a-f]{64} "
                                     r"secret=0$")
        upstream.close()


if __name__ == "__main__":
    unittest.main()
