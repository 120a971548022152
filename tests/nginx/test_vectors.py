"""Every case of tests/vectors that a request over HTTP can be, and what nginx itself makes of the others."""

import unittest

import kore
from gateway import Gateway, location
from upstream import Upstream
from wire import exchange

# Facts of the configuration: test_config.py.
CONFIGURATION = {"url-invalid", "secret-empty"}

# Requests that are none in HTTP/1.1: nginx answers them, and the module doesn't see them.
ANSWERED_BY_NGINX = {
    "method_CONNECT": 405,
    "method_post": 400,
    "method_Post": 400,
    "method_Pu041eST": 400,
    "sig_alias_empty_name": 400,
    "sig_alias_trailing_nul": 400,
    "sig_fmt_nul_appended": 400,
}

# What HTTP says in the same bytes as something else, or a file can't say.
NOT_IN_HTTP = {
    "hmac_key_zero_padded_equivalent": "a secret with NUL bytes, which the module refuses to read",
    "method_POST_trailing_space": "blanks separate the method from the target",
    "sig_alias_colon": "a name ends at its first colon",
    "sig_fmt_crlf_appended": "a line break ends the field, and here the head",
    "sig_fmt_whitespace_only": "white space around a value is not part of it",
}


def prefix_free(groups, url):
    """The group that a URL can join."""
    for group in groups:
        if not any(a.startswith(b) or b.startswith(a) for a in [kore.signed_url(url)]
                   for b in (kore.signed_url(other) for other in group)):
            return group
    groups.append({})
    return groups[-1]


def raw_request(case, path):
    body = bytes.fromhex(case["body"])
    lines = [f"{case['method']} {path} HTTP/1.1", "Host: gateway", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in case["headers"]]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Vectors(unittest.TestCase):
    def run_list(self, name, expected, *directives):
        """Sends a list's cases through as few gateways as their URLs allow."""
        cases = [case for case in kore.vectors(name) if case["reason"] not in CONFIGURATION
                 and case["name"] not in NOT_IN_HTTP and not case.get("options")]
        # Cases of one URL and different secrets can't share a gateway either.
        groups = []
        for case in cases:
            secrets = tuple(case.get("secrets") or [case["secret"]])
            group = next((group for group in groups if group.get(case["url"], (None,))[0] == secrets), None)
            if group is None:
                group = prefix_free(groups, case["url"])
                group[case["url"]] = (secrets, [])
            group[case["url"]][1].append(case)
        ran = 0
        for group in groups:
            ran += self.run_group(group, directives)
        self.assertEqual(ran, len(cases))
        self.assertEqual(ran, expected)

    def run_group(self, group, directives):
        upstream = Upstream()
        gateway = Gateway(http="large_client_header_buffers 4 256k;")
        server = ""
        for number, (url, (secrets, _)) in enumerate(group.items()):
            files = [gateway.secret(f"{number}-{index}", bytes.fromhex(secret))
                     for index, secret in enumerate(secrets)]
            server += location(upstream, *directives, path=f"/{number}/", url=url, secrets=files)
        gateway.configure(server)
        ran = 0
        with gateway:
            for number, (_, cases) in enumerate(group.values()):
                for case in cases:
                    with self.subTest(case["name"]):
                        self.run_case(gateway, upstream, case, f"/{number}/")
                    ran += 1
        upstream.close()
        return ran

    def run_case(self, gateway, upstream, case, path):
        gateway.news()
        upstream.take()
        answer = exchange(gateway.port, raw_request(case, path))
        log = gateway.news()
        arrived = upstream.take()
        by_nginx = ANSWERED_BY_NGINX.get(case["name"])
        if by_nginx:
            self.assertEqual((answer.status, log, arrived), (by_nginx, [], []))
        elif case["expect"] == "accept":
            self.assertEqual(answer.status, 204, log)
            received, = arrived
            self.assertEqual(received.header("Content-Length"), str(len(received.body)))
            secrets = case.get("secrets") or [case["secret"]]
            secret = bytes.fromhex(secrets[int(received.header("X-Korewebhook-Secret-Index"))])
            # What arrives is what was signed.
            computed = {kore.sign(received.body, secret, case["url"]),
                        kore.sign_hmac(received.body, secret, case["url"])}
            self.assertIn(received.header("Kore-Signature"), computed)
            self.assertEqual(received.header("X-Korewebhook-Key"), kore.delivery_key(received.body, case["url"]))
        else:
            self.assertEqual((answer.status, log, arrived), (401, [f"refused: {case['reason']}"], []))

    def test_cases(self):
        self.run_list("cases", 305 - 19 - 4)

    def test_rotation(self):
        self.run_list("rotation", 4)

    def test_hmac(self):
        self.run_list("hmac", 8, "korewebhook_scheme hmac-sha256;")


if __name__ == "__main__":
    unittest.main()
