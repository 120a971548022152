"""What is wrong with a configuration is said when nginx reads it, and nginx doesn't start with it."""

import json
import unittest

import kore
from gateway import Gateway, quoted

LOCATION = "location /{number}/ {{ korewebhook_url {url}; korewebhook_secret_file secrets/kore; return 204; }}\n"


class Config(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway(level="notice")
        self.gateway.secret("kore", kore.SECRET)

    def tearDown(self):
        self.gateway.stop()

    def fails(self, server, *messages):
        self.gateway.configure(server)
        good, said = self.gateway.check()
        self.assertFalse(good, said)
        for message in messages:
            self.assertIn(message, said)
        self.assertNotIn(kore.SECRET.decode(), said)

    def passes(self, server, *warnings):
        self.gateway.configure(server)
        good, said = self.gateway.check()
        self.assertTrue(good, said)
        lines = [line for line in said.splitlines() if "[warn]" in line]
        self.assertEqual(len(lines), len(warnings), said)
        for line, warning in zip(lines, warnings, strict=True):
            self.assertIn(warning, line)

    def locations(self, *urls):
        return "".join(LOCATION.format(number=number, url=quoted(url)) for number, url in enumerate(urls))

    def location(self, *lines, url=kore.URL):
        return f"location / {{ korewebhook_url {quoted(url)}; {' '.join(lines)} return 204; }}"

    def test_sets_of_urls(self):
        for case in kore.vectors("url_sets"):
            with self.subTest(case["name"]):
                server = self.locations(*case["urls"])
                if case["conflicts"]:
                    self.fails(server, "url-prefix-conflict", "[emerg]")
                else:
                    self.gateway.configure(server)
                    self.assertTrue(self.gateway.check()[0])

    def test_conflicts_are_those_of_the_process(self):
        other = self.locations("https://h.example/k/") + "} server { listen 127.0.0.1:1; "
        self.fails(other + self.locations("https://h.example/k/sms/"), "url-prefix-conflict",
                   '"https://h.example/k/" and "https://h.example/k/sms/"')

    def test_inherited_urls_are_no_conflict(self):
        self.passes(self.location("korewebhook_secret_file secrets/kore;", "location /in/ { return 204; }",
                                  "if ($arg_a) { return 205; }",
                                  "location /off/ { korewebhook_url off; return 204; }"))

    def test_bad_urls(self):
        bad = [case for case in kore.vectors("cases") if case["reason"] == "url-invalid"]
        self.assertEqual(len(bad), 18)
        for case in bad:
            with self.subTest(case["name"]):
                self.fails(self.locations(case["url"]), "url-invalid", "nginx.conf:")

    def test_warnings(self):
        secret = "korewebhook_secret_file secrets/kore;"
        self.passes(self.location(secret))
        self.passes(self.location(secret, url="http://h.example/k/"), "is an http URL")
        self.passes(self.location(secret, url="https://h.example"), "has no path")
        self.passes(self.location(secret, "client_max_body_size 100;"), "client_max_body_size")
        self.passes(self.location(secret, "client_max_body_size 0;"))
        self.gateway.secret("short", b"12345")
        self.passes(self.location("korewebhook_secret_file secrets/short;"), "under 16 bytes")
        (self.gateway.folder / "secrets/kore").chmod(0o644)
        self.passes(self.location(secret), "open to every user")

    def test_bad_secrets(self):
        for content, reason in ((b"", "secret-empty"), (b"\n", "secret-whitespace"), (b" a", "secret-whitespace"),
                                (b"a ", "secret-whitespace"), (b"a\0b", "secret-nul"), (b"x" * 1025, "secret-too-long"),
                                (b"x" * 100_000, "secret-too-long")):
            with self.subTest(content[:10]):
                self.gateway.secret("bad", content)
                self.fails(self.location("korewebhook_secret_file secrets/kore secrets/bad;"), "secrets/bad", reason)
        for name in ("missing", "../secrets"):
            self.fails(self.location(f"korewebhook_secret_file secrets/{name};"), "secrets")
        self.fails(self.location("korewebhook_secret_file /dev/null;"), "not a regular file")
        self.fails(self.location("korewebhook_secret_file " + "secrets/kore " * 9 + ";"), "too-many-secrets")
        self.fails(self.location(), "no \"korewebhook_secret_file\"")

    def test_good_secrets(self):
        for content in (b"x" * 1024, b"x" * 1023 + b"\r", b"a b\tc" * 4):
            self.gateway.secret("good", content)
            self.passes(self.location("korewebhook_secret_file secrets/good;"))
        self.passes(self.location("korewebhook_secret_file " + "secrets/kore " * 4 + ";",
                                  "korewebhook_secret_file " + "secrets/kore " * 4 + ";"))

    def test_directives(self):
        secret = "korewebhook_secret_file secrets/kore;"
        self.gateway.secret("hop", b"a-secret-of-the-hop-only")
        self.passes(self.location(secret, "korewebhook_scheme hmac-sha256;", "korewebhook_max_body 10k;",
                                  "korewebhook_on_refusal pass;", "korewebhook_log_level notice;",
                                  "korewebhook_resign http://backend/ secrets/hop;"))
        for line, message in (
            ("korewebhook_scheme sha256;", "invalid value"),
            ("korewebhook_max_body 0;", "is 0"),
            ("korewebhook_max_body -1;", "invalid value"),
            ("korewebhook_on_refusal accept;", "invalid value"),
            ("korewebhook_log_level debug;", "invalid value"),
            ("korewebhook_url off;", "duplicate"),
            ("korewebhook_resign off secrets/hop;", "needs"),
            ("korewebhook_resign http://backend/;", "needs"),
            ("korewebhook_resign backend secrets/hop;", "url-invalid"),
            ("korewebhook_resign http://backend/ secrets/missing;", "secrets/missing"),
            ("korewebhook_resign http://backend/ secrets/kore;", "belongs to one scheme"),
            ("korewebhook_resign off; korewebhook_resign off;", "duplicate"),
        ):
            with self.subTest(line):
                self.fails(self.location(secret, line), message)
        self.fails("korewebhook_url https://h.example/;", "not allowed here")

    def test_no_secret_in_any_log(self):
        self.gateway.configure(self.location("korewebhook_secret_file secrets/kore;"), level="debug")
        with self.gateway:
            text = self.gateway.log()
            self.assertNotIn(kore.SECRET.decode(), text)
            self.assertNotIn(json.dumps(kore.SECRET.hex()), text)


if __name__ == "__main__":
    unittest.main()
