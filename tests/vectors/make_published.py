"""Writes the vectors that others have published, and those computed with Python's hashlib.

Run it by hand; its output is committed. Nothing here uses korewebhook.
"""

import hashlib
import hmac
import json
from pathlib import Path

HERE = Path(__file__).parent


def write(name, source, cases):
    text = json.dumps({"format": 1, "list": name, "source": source, "cases": cases}, indent=1, ensure_ascii=False)
    (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def kore():
    rows = [
        ("12345", "application/x-www-form-urlencoded", "field1=value1&field2=value2",
         "f562d3959f68b5a30fc7a63f8bbf40987f633575f4231ffceb4f76dd154ea3ce"),
        ("secret12345", "application/x-www-form-urlencoded", "field1=value1&field2=value2",
         "4fdba0cb1394cc8d17b8dabb04634aa9a951021a7b161f9c7a2186cd490b18b2"),
        ("a35974bdf1c769b8bb", "application/json", '{ "field1": "value1", "field2": "value2"}',
         "d21c555b37789cdb9433a85760d326f0c637d5c17676b8dc49918ec629c67d59"),
    ]
    cases = [
        {"secret": secret, "method": "POST", "url": "https://testendpoint.com", "content_type": content_type,
         "body": body, "signature": signature}
        for secret, content_type, body, signature in rows
    ]
    for case in cases:
        signed = case["body"].replace(" ", "")
        digest = hashlib.sha256((case["secret"] + case["method"] + case["url"] + signed).encode()).hexdigest()
        assert digest == case["signature"], case
    write("kore_published", "KORE documentation, 'Validate Webhook Signatures'", cases)


def nist():
    rows = [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("d3", 1, "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"),
        ("11af", 1, "5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98"),
        (b"abc".hex(), 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".hex(), 1,
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        (b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu".hex(),
         1, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"),
        (b"a".hex(), 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]
    cases = [{"message": message, "times": times, "digest": digest} for message, times, digest in rows]
    for case in cases:
        assert hashlib.sha256(bytes.fromhex(case["message"]) * case["times"]).hexdigest() == case["digest"], case
    write("nist_sha256", "NIST CSRC, SHA-256 example values, and SHA256ShortMsg of the CAVP test vectors", cases)


def rfc4231():
    rows = [
        (1, b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (2, b"Jefe", b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (3, b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (4, bytes(range(1, 26)), b"\xcd" * 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (5, b"\x0c" * 20, b"Test With Truncation", "a3b6167473100ee06e0c796c2955552b"),
        (6, b"\xaa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        (7, b"\xaa" * 131, b"This is a test using a larger than block-size key and a larger than block-size data. "
         b"The key needs to be hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]
    cases = [{"test": n, "key": key.hex(), "data": data.hex(), "tag": tag} for n, key, data, tag in rows]
    for case in cases:
        tag = hmac.new(bytes.fromhex(case["key"]), bytes.fromhex(case["data"]), hashlib.sha256).hexdigest()
        assert tag.startswith(case["tag"]), case
    write("rfc4231", "RFC 4231, section 4; test 5 shows the first 128 bits", cases)


def standard_webhooks():
    write("standard_webhooks_published", "Standard Webhooks specification and its reference libraries", [{
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "timestamp": 1614265330,
        "body": '{"test": 2432232314}',
        "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }])


def sized(part):
    return len(part).to_bytes(8, "big") + part


def keys():
    """Delivery, event and item keys, from their formulas."""
    url = b"https://hooks.example.com/kore/"
    form = b"SimSid=HS01&SimStatus=active"
    first = b'{"source":"kore-events","id":"e1","time":"2024-09-25T19:09:48.5842087+00:00","data":{"a b":[1, 2]}}'
    canonical_first = first.replace(b"[1, 2]", b"[1,2]")
    second = b'{"source":"kore-events","id":"e\\u0032"}'
    bare = b'{"id":"e3","id":"e4","source":"s"}'

    def delivery(body):
        return hashlib.sha256(b"korewebhook/replay/1" + sized(b"POST") + sized(url) + body).hexdigest()

    def event(source, event_id):
        return hashlib.sha256(b"korewebhook/event/1" + sized(url) + sized(source) + sized(event_id)).hexdigest()

    def item(body):
        return hashlib.sha256(b"korewebhook/item/1" + sized(url) + body).hexdigest()

    e1 = {"key": event(b"kore-events", b"e1"), "content": hashlib.sha256(canonical_first).hexdigest(),
          "time_ms": 1727291388584}
    e2 = {"key": event(b"kore-events", b"e\\u0032"), "content": hashlib.sha256(second).hexdigest(), "time_ms": None}
    whole = b"[" + canonical_first + b"," + second + b"," + bare + b"]"
    cases = [
        {"name": "form", "format": "form", "body": form.decode(), "delivery": delivery(form),
         "replay": [{"key": delivery(form), "content": None, "time_ms": None}]},
        {"name": "one_event", "format": "json", "body": first.decode(), "delivery": delivery(canonical_first), "replay": [e1]},
        {"name": "mixed_array", "format": "json", "body": "[ " + first.decode() + ",\n" + second.decode() + ", " + bare.decode() + " ]",
         "delivery": delivery(whole), "replay": [e1, e2, {"key": item(bare), "content": None, "time_ms": None}]},
        {"name": "no_ids", "format": "json", "body": "[" + bare.decode() + ", 1]", "delivery": delivery(b"[" + bare + b",1]"),
         "replay": [{"key": delivery(b"[" + bare + b",1]"), "content": None, "time_ms": None}]},
        {"name": "empty_array", "format": "json", "body": "[ ]", "delivery": delivery(b"[]"),
         "replay": [{"key": delivery(b"[]"), "content": None, "time_ms": None}]},
    ]
    write("keys", "computed with hashlib from the formulas in docs/protocol.md, for https://hooks.example.com/kore/", cases)


if __name__ == "__main__":
    kore()
    nist()
    rfc4231()
    standard_webhooks()
    keys()
